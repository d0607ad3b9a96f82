import { type Clock, systemClock } from './clock.ts';

/** A time limit has passed. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';
  readonly code = 'timeout';

  constructor(limitMs: number) {
    super(`It took longer than ${limitMs} ms.`);
  }
}

export interface WithinOptions {
  /** The machine's clock by default. */
  readonly clock?: Pick<Clock, 'setTimeout'>;
  /** Makes the reason of `signal` when the time is over; a `TimeLimitError` by default. */
  readonly error?: () => Error;
}

/** A running time limit; see `within`. */
export interface TimeLimit extends Disposable {
  /** Aborts when the time is over, with the limit's error, or when the outer signal aborts, with its reason. */
  readonly signal: AbortSignal;
  /** Whether the time was over before the limit was disposed of. */
  readonly passed: boolean;
  /** Resolves or rejects like `work`; rejects with the reason of `signal` once that aborts. `work` itself goes on. */
  race<T>(work: Promise<T>): Promise<T>;
  /** Resolves or rejects like `work`; resolves with `undefined` once `signal` aborts. */
  waitFor<T>(work: Promise<T>): Promise<T | undefined>;
}

/** Resolves or rejects like `work`; rejects with the reason of `signal` once that aborts. `work` itself goes on. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
  });
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) {
    onAbort();
  }
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/**
 * Starts a time limit of `ms` milliseconds: the only one of the code base. It ends with its block, and its timer with it:
 *
 *     using limit = within(5000, signal);
 *     await bus.start(limit.signal);
 *
 * @param signal aborts the limit's signal earlier
 */
export function within(ms: number, signal?: AbortSignal, options: WithinOptions = {}): TimeLimit {
  const { clock = systemClock, error = () => new TimeLimitError(ms) } = options;
  const abort = new AbortController();
  let passed = false;
  const aborted = new Promise<void>((resolve) => {
    abort.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const timer = clock.setTimeout(() => {
    passed = !abort.signal.aborted;
    abort.abort(error());
  }, ms);
  // Not AbortSignal.any: Node.js 20 may collect a signal that only other signals refer to.
  const onAbort = (): void => abort.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted === true) {
    onAbort();
  }
  return {
    signal: abort.signal,
    get passed() {
      return passed;
    },
    race: (work) => untilAborted(work, abort.signal),
    waitFor: (work) => Promise.race([work, aborted.then(() => undefined)]),
    [Symbol.dispose]: () => {
      timer.cancel();
      signal?.removeEventListener('abort', onAbort);
    },
  };
}
