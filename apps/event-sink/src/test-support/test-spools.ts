import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@vigilia/service';
import { silentLogger, type TempFolder, tempFolder } from '@vigilia/testing';
import type { Consumer } from '../spool/consumer.ts';
import type { Priority } from '../spool/priority.ts';
import { Spool, type SpoolOptions } from '../spool/spool.ts';

export const LIMITS = { maxRecords: 1000, maxBytes: 1_000_000 };

/** Spools over one folder, which is closed and removed after the test. */
export class TestSpools {
  readonly folder: TempFolder;
  readonly #opened: Spool[] = [];

  constructor(folder: TempFolder) {
    this.folder = folder;
  }

  static async create(): Promise<TestSpools> {
    return new TestSpools(await tempFolder('spool'));
  }

  /** With one output, `out`, unless `options` change that. */
  async open(options: Partial<SpoolOptions> = {}): Promise<Spool> {
    const spool = new Spool({
      dir: this.folder.path,
      maxBytes: 10_000_000,
      outputs: ['out'],
      clock: systemClock,
      logger: silentLogger(),
      ...options,
    });
    await spool.open();
    this.#opened.push(spool);
    return spool;
  }

  async reopen(spool: Spool, options: Partial<SpoolOptions> = {}): Promise<Spool> {
    await spool.close();
    return this.open(options);
  }

  /** File names of a lane's segments, oldest first. */
  async segments(lane: Priority): Promise<string[]> {
    return (await readdir(join(this.folder.path, lane))).sort();
  }

  /** Changes the bytes of a lane's oldest segment, as a bad disk does. */
  async damage(lane: Priority, change: (data: Buffer) => Buffer): Promise<string> {
    const path = join(this.folder.path, lane, (await this.segments(lane))[0] ?? '');
    await writeFile(path, change(await readFile(path)));
    return path;
  }

  async remove(): Promise<void> {
    await Promise.all(this.#opened.map((spool) => spool.close()));
    await this.folder.remove();
  }
}

/** Reads and acknowledges everything; the payloads as text. */
export async function readAll(consumer: Consumer): Promise<string[]> {
  const found: string[] = [];
  for (let batch = await consumer.read(LIMITS); batch !== undefined; batch = await consumer.read(LIMITS)) {
    found.push(...batch.records.map(({ payload }) => payload.toString()));
    await consumer.acknowledge(batch);
  }
  return found;
}
