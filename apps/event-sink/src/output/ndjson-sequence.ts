import { type FileHandle, open, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { EncodedDocument } from '../documents/document.ts';
import type { Stream } from '../schema/data-streams.ts';
import { type NdjsonFile, ndjsonName } from './ndjson-files.ts';
import { RecentIds } from './recent-ids.ts';

/** How much of the end of a file is read at start to know what is there already: more than any batch holds. */
const tailBytes = 16 * 1024 * 1024;
const maxRecentIds = 25_000;

export interface NdjsonSequenceOptions {
  readonly dir: string;
  readonly stream: Stream;
  readonly maxFileBytes: number;
}

/**
 * The files of one stream, one document a line; a new one begins each day and at the size. The ids of the last lines are remembered, and
 * read again from the files at start: what comes a second time (after kill -9 of the sink, or again from the broker) is not written twice.
 */
export class NdjsonSequence {
  readonly #options: NdjsonSequenceOptions;
  readonly #recent = new RecentIds(maxRecentIds);
  #handle: FileHandle | undefined;
  #date = '';
  #number = 1;
  #bytes = 0;

  constructor(options: NdjsonSequenceOptions) {
    this.#options = options;
  }

  /** @param files of this stream, oldest first @throws the system's error */
  async start(files: readonly NdjsonFile[]): Promise<void> {
    for (const { name } of files.slice(-2)) {
      await this.#recover(join(this.#options.dir, name));
    }
    const last = files.at(-1);
    if (last !== undefined) {
      [this.#date, this.#number] = [last.date, last.number];
    }
  }

  /**
   * Appends what is not there yet and syncs it.
   * @param date of today, such as 2026-03-01
   * @returns how many were appended, and whether a new file was begun
   * @throws the system's error; then nothing was appended
   */
  async append(documents: readonly EncodedDocument[], date: string): Promise<{ stored: number; isNewFile: boolean }> {
    const fresh = documents.filter(({ id }) => this.#recent.add(id));
    if (fresh.length === 0) return { stored: 0, isNewFile: false };
    const data = Buffer.from(fresh.map(({ json }) => `${json}\n`).join(''));
    try {
      const isNewFile = await this.#turnTo(date);
      const handle = this.#handle ?? (await this.#open());
      await handle.appendFile(data);
      await handle.datasync();
      this.#bytes += data.length;
      return { stored: fresh.length, isNewFile };
    } catch (error) {
      for (const { id } of fresh) {
        this.#recent.remove(id);
      }
      await this.#handle?.truncate(this.#bytes).catch(() => undefined);
      throw error;
    }
  }

  async stop(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  /** A clock that goes back continues the newest day. */
  async #turnTo(date: string): Promise<boolean> {
    if (date > this.#date) {
      await this.stop();
      [this.#date, this.#number] = [date, 1];
      return true;
    }
    if (this.#handle === undefined) {
      await this.#open();
    }
    if (this.#bytes < this.#options.maxFileBytes) return false;
    await this.stop();
    this.#number += 1;
    return true;
  }

  async #open(): Promise<FileHandle> {
    const { dir, stream } = this.#options;
    const handle = await open(join(dir, ndjsonName(stream, this.#date, this.#number)), 'a');
    this.#handle = handle;
    this.#bytes = (await handle.stat()).size;
    return handle;
  }

  /** Cuts a torn last line and learns the ids of the last ones. */
  async #recover(path: string): Promise<void> {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      const from = Math.max(0, size - tailBytes);
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(size - from), 0, size - from, from);
      const data = buffer.subarray(0, bytesRead);
      const end = data.lastIndexOf(0x0a) + 1;
      if (end < data.length) {
        await truncate(path, from + end);
      }
      for (const line of data.toString('utf8', 0, end).split('\n')) {
        const id = idOf(line);
        if (id !== undefined) {
          this.#recent.add(id);
        }
      }
    } finally {
      await handle.close();
    }
  }
}

/** The `event.id` of a line that the sink wrote, without parsing all of it; ids contain no character that JSON escapes. */
function idOf(line: string): string | undefined {
  return /"event":\{"id":"([^"]+)"/.exec(line)?.[1];
}
