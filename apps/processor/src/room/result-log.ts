import { unwatchedAfterMs } from '@vigilia/protocol';
import type { Clock } from '@vigilia/service';
import { CauseMeter } from './cause-meter.ts';
import type { UnwatchedCause } from './unwatched-cause.ts';

interface Waiter {
  readonly afterMs: number;
  readonly resolve: (atMs: number) => void;
}

const keptResults = 16;

/** When a room had results: its rate, its gaps and the callers that wait for the next one. All times monotonic ms. */
export class ResultLog {
  readonly #clock: Clock;
  readonly #times: number[] = [];
  readonly #waiters = new Set<Waiter>();
  readonly #beganMs: number;
  #slowestIntervalMs: number;
  #intervalMs: number;
  #unwatched = 0;
  readonly #byCause = new CauseMeter<UnwatchedCause>();
  #results = 0;

  constructor(options: { readonly clock: Clock; readonly intervalMs: number }) {
    this.#clock = options.clock;
    this.#beganMs = options.clock.monotonic();
    this.#intervalMs = options.intervalMs;
    this.#slowestIntervalMs = options.intervalMs;
  }

  get count(): number {
    return this.#results;
  }

  /** Another rate is in force; until the next result the slower of the two is what one may expect. */
  setInterval(intervalMs: number): void {
    this.#intervalMs = intervalMs;
    this.#slowestIntervalMs = Math.max(this.#slowestIntervalMs, intervalMs);
  }

  add(atMs: number): void {
    this.#unwatched += this.#excess(atMs);
    this.#slowestIntervalMs = this.#intervalMs;
    this.#results++;
    this.#times.push(atMs);
    if (this.#times.length > keptResults) {
      this.#times.shift();
    }
    for (const waiter of [...this.#waiters]) {
      if (atMs > waiter.afterMs) {
        waiter.resolve(atMs);
      }
    }
  }

  last(): number | undefined {
    return this.#times.at(-1);
  }

  /** Results a second over the last few; 0 before the second one. */
  fps(): number {
    const recent = this.#times.slice(-6);
    const [first, last] = [recent[0], recent.at(-1)];
    if (first === undefined || last === undefined || recent.length < 2 || last <= first) return 0;
    return ((recent.length - 1) * 1000) / (last - first);
  }

  /** Returns for how long, in total, the room has been unwatched (docs/architecture.md#unwatched-rooms). */
  unwatchedMs(): number {
    return this.#unwatched + this.#excess(this.#clock.monotonic());
  }

  /** What the room waits for from now on, should its next result be late. */
  setCause(cause: UnwatchedCause): void {
    this.#byCause.set(cause, this.unwatchedMs());
  }

  /** `unwatchedMs` by what the room was waiting for. */
  unwatchedByCause(): Readonly<Partial<Record<UnwatchedCause, number>>> {
    return this.#byCause.totals(this.unwatchedMs());
  }

  /** Time of the first result after `afterMs`; undefined when none came within the limit. */
  next(afterMs: number, limitMs: number): Promise<number | undefined> {
    const there = this.#times.find((time) => time > afterMs);
    if (there !== undefined) return Promise.resolve(there);
    return new Promise((resolve) => {
      const done = (atMs: number | undefined): void => {
        timer.cancel();
        this.#waiters.delete(waiter);
        resolve(atMs);
      };
      const waiter: Waiter = { afterMs, resolve: done };
      const timer = this.#clock.setTimeout(() => done(undefined), limitMs);
      this.#waiters.add(waiter);
    });
  }

  #excess(nowMs: number): number {
    return Math.max(0, nowMs - (this.last() ?? this.#beganMs) - unwatchedAfterMs(this.#slowestIntervalMs));
  }
}
