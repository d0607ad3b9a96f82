/** Waiting times between attempts: doubling from `minMs` to `maxMs`. */
export interface Backoff {
  /** Attempts since the last reset. */
  readonly attempts: number;
  /** The next waiting time in milliseconds; each call counts as an attempt. */
  next(): number;
  /** After a success: the next waiting time starts from `minMs` again. */
  reset(): void;
}

/** `jitter` 0.2 spreads a waiting time over ±20 %, so that many clients do not come back in the same instant. */
export interface BackoffOptions {
  minMs: number;
  maxMs: number;
  jitter?: number;
  /** Uniform in [0, 1); for tests. */
  random?: () => number;
}

/** Makes a doubling backoff. A waiting time never exceeds `maxMs`, jitter included, and is never negative. */
export function createBackoff({ minMs, maxMs, jitter = 0.2, random = Math.random }: BackoffOptions): Backoff {
  let attempts = 0;
  return {
    get attempts() {
      return attempts;
    },
    next: () => {
      // 2^30 keeps the power finite after days of failing attempts
      const base = Math.min(maxMs, minMs * 2 ** Math.min(attempts, 30));
      attempts += 1;
      return Math.max(0, Math.min(maxMs, base * (1 + jitter * (2 * random() - 1))));
    },
    reset: () => {
      attempts = 0;
    },
  };
}
