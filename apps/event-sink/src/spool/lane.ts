import type { Clock } from '@vigilia/service';
import { GroupQueue } from './group-queue.ts';
import { encodeRecord, MAX_PAYLOAD_BYTES } from './record.ts';
import {
  type Position,
  readSegment,
  recoverSegment,
  type Segment,
  type Stretch,
  segmentOf,
  segmentPath,
} from './segment.ts';
import { SpoolError } from './spool-error.ts';
import type { SpoolFile, SpoolFiles } from './spool-files.ts';

/** `always`: an append is over when the record is on the disk. A number: written at once, on the disk at most so many ms later. */
type SyncPolicy = 'always' | { readonly everyMs: number };

export interface LaneOptions {
  readonly dir: string;
  readonly files: SpoolFiles;
  readonly segmentBytes: number;
  readonly sync: SyncPolicy;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly onTornTail?: (torn: { path: string; bytes: number }) => void;
}

/**
 * One append-only queue of records in segment files. Appends that come while one is being written are written and synced together with the
 * next one (group commit). Reading never waits for writing and sees only what is committed.
 */
export class Lane {
  readonly #options: LaneOptions;
  #segments: Segment[] = [];
  #file: SpoolFile | undefined;
  readonly #queue = new GroupQueue((payloads) => this.#writeGroup(payloads));
  #unsyncedSince: number | undefined;
  #next = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /**
   * Finds the segments and cuts a torn last record. Only the last segment is read: the others' counts are in their names.
   * @param atLeast the furthest sequence number any reader has seen; numbers are never used twice, also when all segments were deleted.
   */
  async open(atLeast = 0): Promise<void> {
    const { dir, files } = this.#options;
    await files.makeDir(dir);
    const firsts = (await files.list(dir)).map(segmentOf).filter((first) => first !== undefined);
    firsts.sort((a, b) => a - b);
    for (const [index, first] of firsts.entries()) {
      const path = segmentPath(dir, first);
      const records = (firsts[index + 1] ?? first) - first;
      this.#segments.push({ first, path, bytes: await files.size(path), records });
    }
    const last = this.#segments.at(-1);
    const tornBytes = last === undefined ? 0 : await recoverSegment(files, last);
    if (last !== undefined && tornBytes > 0) {
      this.#options.onTornTail?.({ path: last.path, bytes: tornBytes });
    }
    this.#next = Math.max(atLeast, last === undefined ? 0 : last.first + last.records);
  }

  /** The number of bytes in all segments. */
  get bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
  }

  /** The place behind the last committed record. */
  get end(): Position {
    const last = this.#segments.at(-1);
    return last
      ? { segment: last.first, offset: last.bytes, sequence: last.first + last.records }
      : { segment: this.#next, offset: 0, sequence: this.#next };
  }

  /** The place of the oldest record. */
  get start(): Position {
    const first = this.#segments[0]?.first ?? this.#next;
    return { segment: first, offset: 0, sequence: first };
  }

  /**
   * Resolves when the record is as safe as the sync policy demands. Rejects with the file system's error (ENOSPC, EROFS, EIO …): then the record
   * was not accepted and the caller may append again.
   * @throws SpoolError `record_too_large`
   */
  append(payload: Buffer): Promise<void> {
    if (payload.length > MAX_PAYLOAD_BYTES) {
      return Promise.reject(
        new SpoolError(
          'record_too_large',
          `A record of ${payload.length} bytes is over the spool's limit of ${MAX_PAYLOAD_BYTES}.`,
        ),
      );
    }
    return this.#queue.push(payload);
  }

  /** Reads from `position`, or from the oldest record when its segment was deleted. */
  async read(
    position: Position,
    limits: { maxRecords: number; maxBytes: number },
  ): Promise<Stretch & { next: Position }> {
    const at = this.existing(position);
    const segment = this.#segments.find((candidate) => candidate.first === at.segment);
    if (segment === undefined || at.offset >= segment.bytes) {
      return { records: [], damage: [], nextOffset: at.offset, nextOrdinal: at.sequence - at.segment, next: at };
    }
    const from = { offset: at.offset, ordinal: at.sequence - segment.first };
    const stretch = await readSegment(this.#options.files, segment, from, limits);
    const next = { segment: segment.first, offset: stretch.nextOffset, sequence: segment.first + stretch.nextOrdinal };
    return { ...stretch, next: this.existing(next) };
  }

  /** Moves a position off a finished or vanished segment to the start of the next one. */
  existing(position: Position): Position {
    const index = this.#segments.findIndex((segment) => segment.first >= position.segment);
    const segment = this.#segments[index];
    if (segment === undefined) return this.end;
    if (segment.first !== position.segment) return { segment: segment.first, offset: 0, sequence: segment.first };
    const following = this.#segments[index + 1];
    if (position.offset < segment.bytes || following === undefined) return position;
    return { segment: following.first, offset: 0, sequence: following.first };
  }

  /** Deletes the segments that lie wholly before `position`. */
  async release(position: Position): Promise<void> {
    while (this.#segments[0] !== undefined && this.#segments.length > 1 && this.#segments[0].first < position.segment) {
      await this.#deleteOldest();
    }
  }

  /** Deletes the oldest segment to free space; `undefined` when no segment can be deleted. */
  async dropOldest(): Promise<Segment | undefined> {
    const oldest = this.#segments[0];
    if (oldest === undefined || oldest.bytes === 0) return undefined;
    if (this.#segments.length === 1) {
      await this.#queue.idle();
      await this.#closeFile();
    }
    return this.#deleteOldest();
  }

  /** Writes what waits and syncs, then closes. */
  async close(): Promise<void> {
    await this.#queue.idle();
    await this.#closeFile();
  }

  /** Syncs what an interval policy has left unsynced for long enough; called by the spool's timer. */
  async syncIfDue(): Promise<void> {
    const { sync, clock } = this.#options;
    if (sync === 'always' || this.#unsyncedSince === undefined) return;
    if (clock.monotonic() - this.#unsyncedSince < sync.everyMs) return;
    this.#unsyncedSince = undefined;
    await this.#file?.sync();
  }

  async #deleteOldest(): Promise<Segment | undefined> {
    const oldest = this.#segments.shift();
    if (oldest === undefined) return undefined;
    try {
      await this.#options.files.remove(oldest.path);
    } catch (error) {
      // it still takes room: the next release tries again
      this.#segments.push(oldest);
      this.#segments.sort((a, b) => a.first - b.first);
      throw error;
    }
    return oldest;
  }

  async #writeGroup(group: readonly Buffer[]): Promise<void> {
    const { file, segment } = await this.#current();
    const { clock, sync } = this.#options;
    const atMs = clock.now();
    const data = Buffer.concat(
      group.map((payload, index) => encodeRecord({ ordinal: segment.records + index, atMs, payload })),
    );
    try {
      await file.write(data, segment.bytes);
      if (sync === 'always') {
        await file.sync();
      } else {
        this.#unsyncedSince ??= clock.monotonic();
      }
    } catch (error) {
      await this.#abandonTail(file, segment);
      throw error;
    }
    segment.bytes += data.length;
    segment.records += group.length;
    this.#next = segment.first + segment.records;
  }

  /** After a failed write or sync the file's tail is unknown: cut it, and go on in a new segment. */
  async #abandonTail(file: SpoolFile, segment: Segment): Promise<void> {
    await file.truncate(segment.bytes).catch(() => undefined);
    if (segment.bytes > 0) {
      await this.#closeFile().catch(() => undefined);
    }
  }

  async #current(): Promise<{ file: SpoolFile; segment: Segment }> {
    const { dir, files, segmentBytes } = this.#options;
    let segment = this.#segments.at(-1);
    if (segment !== undefined && segment.bytes >= segmentBytes) {
      await this.#closeFile();
    }
    if (this.#file !== undefined && segment !== undefined) return { file: this.#file, segment };
    const path = segmentPath(dir, this.#next);
    const exists = segment !== undefined && segment.first === this.#next;
    this.#file = await files.open(path, exists ? 'append' : 'create');
    if (!exists) {
      segment = { first: this.#next, path, bytes: 0, records: 0 };
      this.#segments.push(segment);
      await files.syncDir(dir);
    }
    if (segment === undefined) throw new SpoolError('internal', `The spool has no segment in ${dir}.`);
    return { file: this.#file, segment };
  }

  async #closeFile(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    if (file === undefined) return;
    if (this.#unsyncedSince !== undefined) {
      this.#unsyncedSince = undefined;
      await file.sync().catch(() => undefined);
    }
    await file.close();
  }
}
