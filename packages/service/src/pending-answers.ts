import type { Clock, Timer } from './clock.ts';

export interface PendingAnswersOptions {
  readonly clock: Pick<Clock, 'monotonic' | 'setTimeout'>;
  /** The broker has not answered a packet within `ANSWER_TIMEOUT_MS`. */
  readonly onOverdue: () => void;
}

/** How long the broker may take to answer SUBSCRIBE, UNSUBSCRIBE and PUBLISH. Far above what a busy broker needs. */
export const ANSWER_TIMEOUT_MS = 20_000;

interface Waiting {
  readonly sinceMs: number;
  readonly resolve: (codes: readonly number[]) => void;
}

/**
 * The packets that the broker has to answer, by packet identifier. Time during which reading is stopped does not count, because
 * the answer may already be there, behind messages that were not read yet.
 */
export class PendingAnswers {
  readonly #options: PendingAnswersOptions;
  /** In the order of sending: the first one is the oldest. */
  readonly #waiting = new Map<number, Waiting>();
  #timer: Timer | undefined;
  #reading = true;
  #readingSinceMs = 0;
  #closed = false;

  constructor(options: PendingAnswersOptions) {
    this.#options = options;
  }

  /** Resolves with the codes of the answer. Never settles when the connection ends. */
  wait(messageId: number): Promise<readonly number[]> {
    return new Promise((resolve) => {
      this.#waiting.set(messageId, { sinceMs: this.#options.clock.monotonic(), resolve });
      this.#schedule();
    });
  }

  answered(messageId: number, codes: readonly number[]): void {
    const waiting = this.#waiting.get(messageId);
    this.#waiting.delete(messageId);
    waiting?.resolve(codes);
  }

  readingStopped(): void {
    this.#reading = false;
  }

  readingResumed(): void {
    this.#reading = true;
    this.#readingSinceMs = this.#options.clock.monotonic();
    this.#schedule();
  }

  /** The connection has ended. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  /** One timer for all: it fires for the oldest packet, and starts again for the one that is the oldest then. */
  #schedule(): void {
    const [oldest] = this.#waiting.values();
    if (this.#timer !== undefined || this.#closed || !this.#reading || oldest === undefined) {
      return;
    }
    const leftMs = this.#deadlineMs(oldest) - this.#options.clock.monotonic();
    this.#timer = this.#options.clock.setTimeout(() => this.#expire(), Math.max(0, leftMs));
  }

  #expire(): void {
    // after a pause of the whole process timers run before the socket is read
    setImmediate(() => {
      this.#timer = undefined;
      const [oldest] = this.#waiting.values();
      const overdue = oldest !== undefined && this.#options.clock.monotonic() >= this.#deadlineMs(oldest);
      if (overdue && this.#reading && !this.#closed) {
        this.#options.onOverdue();
      } else {
        this.#schedule();
      }
    });
  }

  #deadlineMs({ sinceMs }: Waiting): number {
    return Math.max(sinceMs, this.#readingSinceMs) + ANSWER_TIMEOUT_MS;
  }
}
