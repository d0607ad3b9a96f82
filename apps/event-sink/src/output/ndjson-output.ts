import { type FileHandle, mkdir, open, readdir, truncate, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { EncodedDocument } from '../documents/document.ts';
import type { Delivered, Output } from './output.ts';
import { RecentIds } from './recent-ids.ts';

export interface NdjsonOptions {
  readonly dir: string;
  readonly maxFileBytes: number;
  /** Files kept, the current one included; 0 keeps all. */
  readonly maxFiles: number;
}

/** How much of the end of the files is read at start to know what is there already: more than any batch holds. */
const TAIL_BYTES = 16 * 1024 * 1024;
const RECENT_IDS = 25_000;

/**
 * One document a line in `vigilia-000001.ndjson` and on. The ids of the last lines are remembered, and read again from the files at start:
 * what comes a second time (after kill -9 of the sink, or again from the broker) is not written twice.
 */
export class NdjsonOutput implements Output {
  readonly name = 'ndjson';
  readonly #options: NdjsonOptions;
  readonly #recent = new RecentIds(RECENT_IDS);
  #handle: FileHandle | undefined;
  #file = 1;
  #bytes = 0;

  constructor(options: NdjsonOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    await mkdir(this.#options.dir, { recursive: true });
    const files = await this.#files();
    this.#file = files.at(-1) ?? 1;
    for (const file of files.slice(-2)) {
      await this.#recover(file);
    }
    await this.#openCurrent();
  }

  async deliver(documents: readonly EncodedDocument[]): Promise<Delivered> {
    const fresh = documents.filter(({ id }) => this.#recent.add(id));
    const data = Buffer.from(fresh.map(({ json }) => `${json}\n`).join(''));
    try {
      const handle = this.#handle ?? (await this.#openCurrent());
      await handle.appendFile(data);
      await handle.datasync();
    } catch (error) {
      for (const { id } of fresh) {
        this.#recent.remove(id);
      }
      await this.#handle?.truncate(this.#bytes).catch(() => undefined);
      throw error;
    }
    this.#bytes += data.length;
    if (this.#bytes >= this.#options.maxFileBytes) {
      await this.#rotate();
    }
    return { stored: fresh.length, duplicates: documents.length - fresh.length, dead: 0 };
  }

  async stop(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  async #openCurrent(): Promise<FileHandle> {
    const handle = await open(this.#path(this.#file), 'a');
    this.#handle = handle;
    this.#bytes = (await handle.stat()).size;
    return handle;
  }

  async #rotate(): Promise<void> {
    await this.stop();
    this.#file += 1;
    this.#bytes = 0;
    const { maxFiles } = this.#options;
    const files = await this.#files();
    const old = maxFiles === 0 ? [] : files.slice(0, Math.max(0, files.length + 1 - maxFiles));
    for (const file of old) {
      await unlink(this.#path(file));
    }
  }

  /** Cuts a torn last line and learns the ids of the last ones. */
  async #recover(file: number): Promise<void> {
    const path = this.#path(file);
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      const from = Math.max(0, size - TAIL_BYTES);
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

  async #files(): Promise<number[]> {
    const names = await readdir(this.#options.dir);
    const numbers = names
      .map((name) => /^vigilia-(\d{6,})\.ndjson$/.exec(name)?.[1])
      .filter((digits) => digits !== undefined);
    return numbers.map(Number).sort((a, b) => a - b);
  }

  #path(file: number): string {
    return join(this.#options.dir, `vigilia-${String(file).padStart(6, '0')}.ndjson`);
  }
}

/** The `event.id` of a line that the sink wrote, without parsing all of it; ids contain no character that JSON escapes. */
function idOf(line: string): string | undefined {
  return /"event":\{"id":"([^"]+)"/.exec(line)?.[1];
}
