import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, CorruptFileError, type Logger, readJsonFile, writeFileAtomic } from '@vigilia/service';
import { emptyMemory, type Memory, memorySchema, notLaterThan } from './memory.ts';

/** Keeps the memory on disk; one write at a time, and of several waiting states only the last is written. */
export class MemoryFile {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #written = '';
  #wanted = '';
  #writing: Promise<void> | undefined;
  #failing = false;

  constructor(options: { dir: string; clock: Clock; logger: Logger }) {
    this.#path = join(options.dir, 'alerts.json');
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /** Whether the last write failed: what was sent since may be sent again after a restart. */
  get failing(): boolean {
    return this.#failing;
  }

  /**
   * What was saved last; nothing when there is none. A file that cannot be understood is set aside. Where the machine's clock was set
   * back meanwhile, what lies in the future counts as now.
   */
  async load(): Promise<Memory> {
    let value: unknown;
    try {
      value = await readJsonFile(this.#path);
    } catch (error) {
      if (!(error instanceof CorruptFileError)) throw error;
      return this.#setAside();
    }
    if (value === undefined) return emptyMemory;
    const result = memorySchema.safeParse(value);
    return result.success ? notLaterThan(result.data, this.#clock.now()) : this.#setAside();
  }

  /**
   * Resolves when this state, or a later one, is safe on disk, or could not be written: an alarm is sent all the same,
   * because one too many is better than none.
   */
  async save(memory: Memory): Promise<void> {
    this.#wanted = JSON.stringify(memory);
    while (this.#written !== this.#wanted) {
      this.#writing ??= this.#write(this.#wanted).finally(() => {
        this.#writing = undefined;
      });
      await this.#writing;
      if (this.#failing) return;
    }
  }

  async #write(text: string): Promise<void> {
    try {
      await writeFileAtomic(this.#path, `${text}\n`, 0o600);
      this.#written = text;
      this.#failing = false;
    } catch (err) {
      if (!this.#failing) {
        this.#logger.error(
          { event: 'alert_memory_not_saved', err },
          'what was sent cannot be remembered; alerts go on',
        );
      }
      this.#failing = true;
    }
  }

  async #setAside(): Promise<Memory> {
    const aside = `${this.#path}.damaged-${this.#clock.now()}`;
    await rename(this.#path, aside);
    this.#logger.error(
      { event: 'alert_memory_damaged', set_aside: aside },
      'the memory of alerts is damaged and begins anew: open falls are reported again',
    );
    return emptyMemory;
  }
}
