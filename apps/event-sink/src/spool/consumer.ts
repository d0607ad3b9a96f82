import { type Cursor, writeCursor } from './cursor-store.ts';
import type { Lane } from './lane.ts';
import { type Priority, priorities } from './priority.ts';
import type { SpoolRecord } from './record.ts';
import type { Damage, Position } from './segment.ts';
import type { SpoolFiles } from './spool-files.ts';

export type Lanes = Readonly<Record<Priority, Lane>>;

export interface Batch {
  readonly records: readonly SpoolRecord[];
  readonly bytes: number;
  readonly damage: readonly Damage[];
  /** Where the output stands in each lane once the batch is done. */
  readonly ends: Readonly<Record<Priority, Position>>;
}

export interface ConsumerOptions {
  readonly output: string;
  readonly dir: string;
  readonly files: SpoolFiles;
  readonly lanes: Lanes;
  readonly cursor: Cursor | undefined;
  readonly onAcknowledged: () => Promise<void>;
  readonly onceAppended: (wake: () => void) => void;
}

/** One output's reader: reads ahead of what it has acknowledged, the most important lane first. */
export class Consumer {
  readonly #options: ConsumerOptions;
  #readAt: Record<Priority, Position>;
  #acked: Record<Priority, Position>;

  constructor(options: ConsumerOptions) {
    const { lanes, cursor } = options;
    const place = (priority: Priority) => cursor?.lanes[priority] ?? lanes[priority].start;
    this.#options = options;
    this.#acked = { critical: place('critical'), normal: place('normal'), bulk: place('bulk') };
    this.#readAt = { ...this.#acked };
  }

  acknowledged(priority: Priority): Position {
    return this.#acked[priority];
  }

  /** Records in the spool that the output has not acknowledged. */
  pending(priority: Priority): number {
    const lane = this.#options.lanes[priority];
    return Math.max(0, lane.end.sequence - lane.existing(this.#acked[priority]).sequence);
  }

  get pendingRecords(): number {
    return priorities.reduce((sum, priority) => sum + this.pending(priority), 0);
  }

  /** Records not yet read by this output (some read ones may still be unacknowledged). */
  get unreadRecords(): number {
    return priorities.reduce((sum, priority) => {
      const lane = this.#options.lanes[priority];
      return sum + Math.max(0, lane.end.sequence - lane.existing(this.#readAt[priority]).sequence);
    }, 0);
  }

  /** The next records, critical ones first; `undefined` when everything is read. */
  async read(limits: { maxRecords: number; maxBytes: number }): Promise<Batch | undefined> {
    const records: SpoolRecord[] = [];
    const damage: Damage[] = [];
    let bytes = 0;
    for (const priority of priorities) {
      while (records.length < limits.maxRecords && bytes < limits.maxBytes) {
        const room = { maxRecords: limits.maxRecords - records.length, maxBytes: limits.maxBytes - bytes };
        const at = this.#readAt[priority];
        const stretch = await this.#options.lanes[priority].read(at, room);
        this.#readAt[priority] = stretch.next;
        records.push(...stretch.records);
        damage.push(...stretch.damage);
        bytes += stretch.records.reduce((sum, record) => sum + record.payload.length, 0);
        if (stretch.records.length === 0 && stretch.damage.length === 0 && stretch.next.segment === at.segment) break;
      }
    }
    if (records.length === 0 && damage.length === 0) return undefined;
    return { records, bytes, damage, ends: { ...this.#readAt } };
  }

  /**
   * Remembers that everything up to and with this batch is done, and deletes what no output needs any more.
   * @throws the file system's error when the place cannot be written: after a crash the batch would be sent again
   */
  async acknowledge(batch: Batch): Promise<void> {
    this.#acked = { ...batch.ends };
    const { files, dir, output } = this.#options;
    try {
      await writeCursor(files, dir, output, { lanes: this.#acked });
    } finally {
      // also when the disk is too full for the cursor: deleting what is delivered is what makes room
      await this.#options.onAcknowledged();
    }
  }

  /** Goes back to what is not acknowledged, after a delivery that was given up. */
  rewind(): void {
    this.#readAt = { ...this.#acked };
  }

  /** Resolves when there is something to read, or the signal aborts. */
  async untilReadable(signal: AbortSignal): Promise<void> {
    while (this.unreadRecords === 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          signal.removeEventListener('abort', wake);
          resolve();
        };
        signal.addEventListener('abort', wake, { once: true });
        this.#options.onceAppended(wake);
      });
    }
  }
}
