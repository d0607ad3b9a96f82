import { Deque } from '@vigilia/service';

/** Messages and bytes that wait at most: 2,000 commands per second for 10 s, and half as many again. */
export const INBOX_MESSAGES = 30_000;
export const INBOX_BYTES = 16 * 1024 * 1024;

interface Waiting {
  readonly bytes: number;
  readonly handle: () => void;
}

export interface CommandInboxOptions {
  /** Resolves when the answers to another command fit; `undefined` when they fit now. */
  readonly roomForAnswers: () => Promise<void> | undefined;
  readonly onError: (error: unknown) => void;
}

/**
 * Messages on the command topic, handled in order, and only while their answers fit: each command is promised an answer, and a
 * command that waits takes a tenth of the memory of its answers. They wait here and not at the broker, because Mosquitto becomes slow
 * with thousands of unacknowledged messages, and 2.0.11 sends them all in spite of our Receive Maximum.
 */
export class CommandInbox {
  readonly #options: CommandInboxOptions;
  readonly #waiting = new Deque<Waiting>();
  #bytes = 0;
  #handling = false;

  constructor(options: CommandInboxOptions) {
    this.#options = options;
  }

  /** Handles a message now, or in its turn; `false` when too many wait: it is not handled then. */
  post(bytes: number, handle: () => void): boolean {
    if (!this.#handling && this.#options.roomForAnswers() === undefined) {
      handle();
      return true;
    }
    if (this.#waiting.length >= INBOX_MESSAGES || this.#bytes + bytes > INBOX_BYTES) return false;
    this.#waiting.push({ bytes, handle });
    this.#bytes += bytes;
    if (!this.#handling) {
      void this.#handleWaiting();
    }
    return true;
  }

  async #handleWaiting(): Promise<void> {
    this.#handling = true;
    for (let next = this.#waiting.first; next !== undefined; next = this.#waiting.first) {
      await this.#options.roomForAnswers();
      this.#waiting.shift();
      this.#bytes -= next.bytes;
      try {
        next.handle();
      } catch (error) {
        this.#options.onError(error);
      }
    }
    this.#handling = false;
  }
}
