import { type Clock, sleepOn, type Timer } from '@vigilia/service';

interface Pending {
  at: number;
  order: number;
  fn: () => void;
}

/** A clock that stands still until a test advances it. */
export class FakeClock implements Clock {
  #nowMs: number;
  #monotonicMs = 0;
  #order = 0;
  readonly #pending = new Set<Pending>();

  /** @param startMs the wall clock at the beginning, epoch milliseconds */
  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  monotonic(): number {
    return this.#monotonicMs;
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#pending.size;
  }

  setTimeout(fn: () => void, ms: number): Timer {
    this.#order += 1;
    const timer: Pending = { at: this.#monotonicMs + Math.max(0, ms), order: this.#order, fn };
    this.#pending.add(timer);
    return { cancel: () => void this.#pending.delete(timer) };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal);
  }

  /** Lets `ms` milliseconds pass: runs what is due, in order, and lets promises settle after each. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonicMs + ms;
    await settle();
    for (let next = this.#nextDue(end); next !== undefined; next = this.#nextDue(end)) {
      this.#pending.delete(next);
      this.#moveTo(next.at);
      next.fn();
      await settle();
    }
    this.#moveTo(end);
    await settle();
  }

  /** Moves the wall clock alone, as an administrator or NTP does. */
  jumpWall(ms: number): void {
    this.#nowMs += ms;
  }

  #nextDue(end: number): Pending | undefined {
    const due = [...this.#pending].filter((timer) => timer.at <= end);
    return due.sort((a, b) => a.at - b.at || a.order - b.order)[0];
  }

  #moveTo(monotonicMs: number): void {
    this.#nowMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }
}

/** One turn of the event loop: everything that waits for promises only has run after it. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
