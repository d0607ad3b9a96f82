import type { Clock } from './clock.ts';

/** A burst ends when its cause has not been seen for this long. */
const QUIET_MS = 60_000;
const REMIND_MS = 5 * 60_000;
/** Keys that are kept apart; beyond them the one that was not seen for the longest time is forgotten. */
const MAX_KEYS = 1000;

interface Burst {
  count: number;
  seenAtMs: number;
  reportedAtMs: number;
}

/** Decides when something that happens again and again is worth a log line: once per burst, and every five minutes. */
export class BurstLog {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #quietMs: number;
  readonly #bursts = new Map<string, Burst>();

  /** @param quietMs without the cause for this long, the next one begins a new burst */
  constructor(clock: Pick<Clock, 'monotonic'>, quietMs: number = QUIET_MS) {
    this.#clock = clock;
    this.#quietMs = quietMs;
  }

  /** Counts one; returns how many there were since the last line when a line is due, else `undefined`. */
  due(key: string): number | undefined {
    const nowMs = this.#clock.monotonic();
    const known = this.#bursts.get(key);
    const fresh = known === undefined || nowMs - known.seenAtMs >= this.#quietMs;
    const count = (known?.count ?? 0) + 1;
    const due = fresh || nowMs - known.reportedAtMs >= REMIND_MS;
    this.#bursts.delete(key);
    this.#bursts.set(key, {
      count: due ? 0 : count,
      seenAtMs: nowMs,
      reportedAtMs: due ? nowMs : known.reportedAtMs,
    });
    if (this.#bursts.size > MAX_KEYS) {
      const [oldest] = this.#bursts.keys();
      this.#bursts.delete(oldest ?? key);
    }
    return due ? count : undefined;
  }
}
