import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@vigilia/service';
import type { Stream } from '../documents/document.ts';

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
  readonly onWritten?: (letters: readonly DeadLetter[]) => void;
}

/**
 * Documents that no retry will save, one JSON object a line with the reason, one file a day. Written and synced before the batch is
 * acknowledged. `vigilia sink replay` sends them again.
 */
export class DeadLetters {
  private readonly options: DeadLettersOptions;
  private turn: Promise<void> = Promise.resolve();
  private written = 0;

  constructor(options: DeadLettersOptions) {
    this.options = options;
  }

  get count(): number {
    return this.written;
  }

  async write(letters: readonly DeadLetter[]): Promise<void> {
    if (letters.length === 0) return;
    const write = this.turn.then(() => this.append(letters));
    this.turn = write.catch(() => undefined);
    await write;
    this.written += letters.length;
    this.options.onWritten?.(letters);
  }

  private async append(letters: readonly DeadLetter[]): Promise<void> {
    const { dir, clock } = this.options;
    const at = new Date(clock.now()).toISOString();
    const lines = letters.map(({ json, ...letter }) =>
      JSON.stringify({ at, ...letter, ...(json !== undefined && { document: parse(json) }) }),
    );
    await mkdir(dir, { recursive: true });
    const file = await open(join(dir, `dead-${at.slice(0, 10)}.ndjson`), 'a');
    try {
      await file.appendFile(lines.map((line) => `${line}\n`).join(''));
      await file.datasync();
    } finally {
      await file.close();
    }
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
