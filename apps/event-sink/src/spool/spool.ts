import { join } from 'node:path';
import type { Clock, Logger, Timer } from '@vigilia/service';
import { Consumer, type Lanes } from './consumer.ts';
import { readCursors, removeCursor } from './cursor-store.ts';
import { Lane } from './lane.ts';
import { type Priority, priorities } from './priority.ts';
import type { Position } from './segment.ts';
import { SpoolError } from './spool-error.ts';
import { nodeSpoolFiles, type SpoolFiles } from './spool-files.ts';
import { lockSpool } from './spool-lock.ts';

export interface SpoolOptions {
  readonly dir: string;
  readonly maxBytes: number;
  readonly segmentBytes?: number;
  /** How long detections and metrics may be written but not synced; everything else is synced before it is promised. */
  readonly bulkSyncMs?: number;
  /** The outputs that read the spool, each with its own place in it. */
  readonly outputs: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly files?: SpoolFiles;
  readonly onDropped?: (priority: Priority, records: number) => void;
}

const DEFAULT_SEGMENT_BYTES = 8 * 1024 * 1024;

/**
 * The queue on disk between inputs and outputs: one lane per priority, one cursor per output. Within its size bound nothing is deleted before
 * every output has acknowledged it.
 */
export class Spool {
  readonly #options: SpoolOptions;
  readonly #lanes: Lanes;
  readonly #consumers = new Map<string, Consumer>();
  readonly #wakers = new Set<() => void>();
  readonly #droppedRecords: Record<Priority, number> = { critical: 0, normal: 0, bulk: 0 };
  #unlock: (() => Promise<void>) | undefined;
  #timer: Timer | undefined;
  #makingRoom: Promise<void> = Promise.resolve();
  #closed: Promise<void> | undefined;

  constructor(options: SpoolOptions) {
    this.#options = options;
    this.#lanes = { critical: this.#lane('critical'), normal: this.#lane('normal'), bulk: this.#lane('bulk') };
  }

  /** @throws SpoolError `spool_locked`, `spool_unusable` */
  async open(): Promise<void> {
    const { dir } = this.#options;
    try {
      await this.#files.makeDir(dir);
      this.#unlock = await lockSpool(dir);
      await this.#openConsumers();
    } catch (cause) {
      if (cause instanceof SpoolError) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new SpoolError(
        'spool_unusable',
        `The spool folder ${dir} cannot be used (${why}); give a writable --spool-dir.`,
        { cause },
      );
    }
    this.#scheduleSync();
  }

  /**
   * Resolves when the record is promised (see `bulkSyncMs`).
   * @throws SpoolError `spool_full` when there is no room for this priority, `record_too_large`; the file system's error otherwise.
   */
  async append(priority: Priority, payload: Buffer): Promise<void> {
    await this.#keepWithinBound(priority, payload.length);
    for (;;) {
      try {
        await this.#lanes[priority].append(payload);
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC' || !(await this.#dropFor(priority))) throw error;
      }
    }
    for (const wake of this.#wakers) {
      wake();
    }
    this.#wakers.clear();
  }

  /** The reader of one output. */
  consumer(output: string): Consumer {
    const consumer = this.#consumers.get(output);
    if (consumer === undefined) throw new SpoolError('internal', `The spool was opened without the output ${output}.`);
    return consumer;
  }

  get bytes(): number {
    return priorities.reduce((sum, priority) => sum + this.#lanes[priority].bytes, 0);
  }

  bytesOf(priority: Priority): number {
    return this.#lanes[priority].bytes;
  }

  /** Records deleted before every output had them, since the start. */
  get dropped(): Readonly<Record<Priority, number>> {
    return this.#droppedRecords;
  }

  /** Ends appends, syncs and releases the folder. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= (async () => {
      this.#timer?.cancel();
      for (const priority of priorities) {
        await this.#lanes[priority].close();
      }
      await this.#unlock?.();
    })();
    return this.#closed;
  }

  get #files(): SpoolFiles {
    return this.#options.files ?? nodeSpoolFiles;
  }

  #lane(priority: Priority): Lane {
    const { dir, maxBytes, segmentBytes = DEFAULT_SEGMENT_BYTES, bulkSyncMs = 1000, clock, logger } = this.#options;
    return new Lane({
      dir: join(dir, priority),
      files: this.#files,
      segmentBytes: Math.max(4096, Math.min(segmentBytes, Math.floor(maxBytes / 16))),
      sync: priority === 'bulk' ? { everyMs: bulkSyncMs } : 'always',
      clock,
      onTornTail: (torn) =>
        logger.warn(
          { event: 'spool_torn_tail', ...torn },
          'the last record was not complete and is cut off: it was never promised',
        ),
    });
  }

  async #openConsumers(): Promise<void> {
    const { dir, outputs, logger } = this.#options;
    const { cursors, damaged } = await readCursors(this.#files, dir);
    for (const output of damaged) {
      logger.error(
        { event: 'spool_cursor_damaged', output },
        'the place in the spool is unreadable: everything is sent again',
      );
    }
    for (const priority of priorities) {
      const seen = [...cursors.values()].map((cursor) => cursor.lanes[priority]?.sequence ?? 0);
      await this.#lanes[priority].open(Math.max(0, ...seen));
    }
    for (const output of outputs) {
      this.#consumers.set(output, this.#newConsumer(output, cursors.get(output)));
    }
    for (const output of [...cursors.keys()].filter((name) => !outputs.includes(name))) {
      logger.warn(
        { event: 'spool_output_gone', output },
        'an output is no longer configured: its place in the spool is forgotten',
      );
      await removeCursor(this.#files, dir, output);
    }
    await this.#release();
  }

  #newConsumer(output: string, cursor: ConstructorParameters<typeof Consumer>[0]['cursor']): Consumer {
    return new Consumer({
      output,
      dir: this.#options.dir,
      files: this.#files,
      lanes: this.#lanes,
      cursor,
      onAcknowledged: () => this.#release(),
      onceAppended: (wake) => void this.#wakers.add(wake),
    });
  }

  async #release(): Promise<void> {
    for (const priority of priorities) {
      const oldest = this.#oldestNeeded(priority);
      if (oldest !== undefined) {
        await this.#lanes[priority].release(oldest);
      }
    }
  }

  #oldestNeeded(priority: Priority): Position | undefined {
    const places = [...this.#consumers.values()].map((consumer) => consumer.acknowledged(priority));
    return places.sort((a, b) => a.sequence - b.sequence)[0];
  }

  async #keepWithinBound(priority: Priority, incoming: number): Promise<void> {
    if (this.bytes + incoming <= this.#options.maxBytes) return;
    const turn = this.#makingRoom.then(async () => {
      while (this.bytes + incoming > this.#options.maxBytes) {
        if (await this.#dropFor(priority)) continue;
        if (priority === 'critical') return;
        this.#countDropped(priority, 1);
        throw new SpoolError(
          'spool_full',
          `The spool is full (${this.#options.maxBytes} bytes) of records that matter more.`,
        );
      }
    });
    this.#makingRoom = turn.catch(() => undefined);
    await turn;
  }

  /** Drops one segment of the least priority there is, never a higher one than the record's own. */
  async #dropFor(priority: Priority): Promise<boolean> {
    for (const victim of priority === 'bulk' ? (['bulk'] as const) : (['bulk', 'normal'] as const)) {
      const needed = this.#oldestNeeded(victim)?.sequence ?? 0;
      const gone = await this.#lanes[victim].dropOldest();
      if (gone === undefined) continue;
      this.#countDropped(victim, Math.max(0, gone.first + gone.records - Math.max(gone.first, needed)));
      return true;
    }
    return false;
  }

  #countDropped(priority: Priority, records: number): void {
    if (records === 0) return;
    if (this.#droppedRecords[priority] === 0) {
      this.#options.logger.warn(
        { event: 'spool_dropping', priority, records, spool_bytes: this.bytes },
        'there is no more room in the spool: records are lost from now on and counted',
      );
    }
    this.#droppedRecords[priority] += records;
    this.#options.onDropped?.(priority, records);
  }

  #scheduleSync(): void {
    const { clock, bulkSyncMs = 1000, logger } = this.#options;
    this.#timer = clock.setTimeout(
      () => {
        this.#lanes.bulk
          .syncIfDue()
          .catch((err: unknown) => logger.warn({ event: 'spool_sync_failed', err }, 'detections could not be synced'))
          .finally(() => {
            if (this.#closed === undefined) {
              this.#scheduleSync();
            }
          });
      },
      Math.max(50, bulkSyncMs / 2),
    );
  }
}
