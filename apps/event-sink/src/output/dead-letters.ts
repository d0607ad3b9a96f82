import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { withoutUndefined } from '@vigilia/protocol';
import type { Clock } from '@vigilia/service';
import type { Stream } from '../schema/data-streams.ts';

/** Why an output refused a document for good. */
export interface Refusal {
  readonly type: string;
  readonly message: string;
  readonly status?: number;
}

export interface DeadLetter {
  readonly output: string;
  readonly id: string;
  readonly stream: Stream | 'unknown';
  readonly reason: Refusal;
  /** The document's body; or what is left of it, in base64, when it could not be read. */
  readonly json?: string;
  readonly raw?: string;
}

export interface DeadLettersOptions {
  readonly dir: string;
  readonly clock: Pick<Clock, 'now'>;
  /** Bound of all files together; the oldest are deleted. 64 MiB when not given. */
  readonly maxBytes?: number;
  readonly onWritten?: (letters: readonly DeadLetter[]) => void;
  /** The oldest file had to be deleted. */
  readonly onDeleted?: (file: string, bytes: number) => void;
}

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
/** So much of the bound is deleted at once, so that the newest letters are always kept. */
const FILES = 8;

/**
 * Stores documents that no retry will deliver, one JSON object per line with the reason: a file per day, and a further one when it is full. They are
 * written and synced before the batch is acknowledged. `vigilia event-sink replay` sends them again.
 */
export class DeadLetters {
  readonly #options: DeadLettersOptions;
  #turn: Promise<void> = Promise.resolve();
  #written = 0;

  constructor(options: DeadLettersOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#written;
  }

  async write(letters: readonly DeadLetter[]): Promise<void> {
    if (letters.length === 0) return;
    const write = this.#turn.then(() => this.#append(letters));
    this.#turn = write.catch(() => undefined);
    await write;
    this.#written += letters.length;
    this.#options.onWritten?.(letters);
  }

  async #append(letters: readonly DeadLetter[]): Promise<void> {
    const { dir, clock, maxBytes = DEFAULT_MAX_BYTES } = this.#options;
    const at = new Date(clock.now()).toISOString();
    const lines = letters.map(({ json, ...letter }) =>
      JSON.stringify(withoutUndefined({ at, ...letter, document: json === undefined ? undefined : parse(json) })),
    );
    const data = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    await mkdir(dir, { recursive: true });
    const path = await this.#fileFor(at.slice(0, 10), Math.floor(maxBytes / FILES));
    const file = await open(path, 'a');
    try {
      await file.appendFile(data);
      await file.datasync();
    } finally {
      await file.close();
    }
    await this.#deleteOldest(path, maxBytes);
  }

  /** The last file of this day, or the next one when that is full: `dead-2026-03-01.0001.ndjson`. */
  async #fileFor(day: string, maxFileBytes: number): Promise<string> {
    const { dir } = this.#options;
    const pathOf = (n: number) => join(dir, `dead-${day}.${String(n).padStart(4, '0')}.ndjson`);
    const numbers = (await readdir(dir))
      .filter((name) => name.startsWith(`dead-${day}.`))
      .map((name) => Number(/\.(\d+)\.ndjson$/.exec(name)?.[1] ?? 0));
    const last = Math.max(1, ...numbers);
    return (await sizeOf(pathOf(last))) < maxFileBytes ? pathOf(last) : pathOf(last + 1);
  }

  /** Also counts what a redelivery could not read. A file that a redelivery reads at present is left to it. */
  async #deleteOldest(current: string, maxBytes: number): Promise<void> {
    const { dir, onDeleted } = this.#options;
    const names = (await readdir(dir)).filter((name) => name.startsWith('dead-') && !name.endsWith('.replaying'));
    const sized = await Promise.all(
      names.sort().map(async (name) => ({ path: join(dir, name), bytes: await sizeOf(join(dir, name)) })),
    );
    let total = sized.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { path, bytes } of sized) {
      if (total <= maxBytes) return;
      if (path === current) continue;
      await rm(path, { force: true });
      total -= bytes;
      onDeleted?.(path, bytes);
    }
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
