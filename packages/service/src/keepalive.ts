import type { Clock, Timer } from './clock.ts';

export interface KeepaliveOptions {
  readonly intervalMs: number;
  readonly clock: Pick<Clock, 'setTimeout'>;
  readonly ping: () => void;
  /** Nothing came back for half an interval. */
  readonly onSilence: () => void;
}

/** Pings in every interval, also while we send: only what comes back proves that the line is there. */
export class Keepalive {
  readonly #options: KeepaliveOptions;
  #timer: Timer | undefined;
  #waiting = false;
  #stopped = false;

  constructor(options: KeepaliveOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#options.intervalMs > 0) {
      this.#next();
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  /** Something was received. */
  heard(): void {
    this.#waiting = false;
  }

  #next(): void {
    const { clock, intervalMs } = this.#options;
    if (!this.#stopped) {
      this.#timer = clock.setTimeout(() => this.#ping(), intervalMs);
    }
  }

  #ping(): void {
    const { clock, intervalMs, ping } = this.#options;
    this.#waiting = true;
    ping();
    this.#next();
    // after a pause of the whole process timers run before the socket is read: look once more when it has been
    clock.setTimeout(() => setImmediate(() => this.#check()), intervalMs / 2);
  }

  #check(): void {
    if (this.#waiting && !this.#stopped) {
      this.#options.onSilence();
    }
  }
}
