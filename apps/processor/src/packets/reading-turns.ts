import type { Clock, Timer } from '@vigilia/service';

/** Pipes are read this often, ms. A pipe holds what a camera of 6 Mbit/s sends meanwhile; ffmpeg keeps what does not fit. */
const turnMs = 250;

/** Something whose pipes hold data until they are read. */
export interface BatchReader {
  readBatch(): void;
}

/**
 * Reads the pipes of all quiet cameras one after the other, several times per second: a process that wakes for each packet of each
 * camera needs several times the CPU time.
 */
export class ReadingTurns {
  readonly #clock: Clock;
  readonly #readers = new Set<BatchReader>();
  #timer: Timer | undefined;

  constructor(options: { readonly clock: Clock }) {
    this.#clock = options.clock;
  }

  join(reader: BatchReader): void {
    this.#readers.add(reader);
    this.#timer ??= this.#next();
  }

  leave(reader: BatchReader): void {
    this.#readers.delete(reader);
    if (this.#readers.size === 0) {
      this.#timer?.cancel();
      this.#timer = undefined;
    }
  }

  #next(): Timer {
    return this.#clock.setTimeout(() => {
      this.#timer = this.#next();
      for (const reader of this.#readers) {
        reader.readBatch();
      }
    }, turnMs);
  }
}
