/** A pending callback. `cancel()` may be called any number of times, also after the callback ran. */
export interface Timer {
  cancel(): void;
}

/** Time as the services see it: injected everywhere, so that tests advance it instead of sleeping. */
export interface Clock {
  /** Wall clock, milliseconds since the Unix epoch. May jump; use it for timestamps only. */
  now(): number;
  /** Milliseconds from an arbitrary origin; never goes back. All durations and limits run on it. */
  monotonic(): number;
  /** Calls `fn` once after `ms` milliseconds. The timer keeps the process alive until it fires or is cancelled. */
  setTimeout(fn: () => void, ms: number): Timer;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when `signal` aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * The `sleep` of any clock, from its `setTimeout`.
 *
 * @throws the signal's reason when it aborts before the time is over
 */
export function sleepOn(clock: Pick<Clock, 'setTimeout'>, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = clock.setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (fn, ms) => {
    const timer = setTimeout(fn, ms);
    return { cancel: () => clearTimeout(timer) };
  },
  sleep: (ms, signal) => sleepOn(systemClock, ms, signal),
};
