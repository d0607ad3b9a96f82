import type { Clock } from '@vigilia/service';

/**
 * Runs `work` with a signal that aborts when `ms` have passed or the outer signal aborts, and waits for it to notice.
 * @throws `onLimit()` when the limit passed, else whatever `work` threw.
 */
export async function withLimit<T>(
  options: { clock: Clock; ms: number; signal: AbortSignal; onLimit: () => Error },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const timer = options.clock.setTimeout(() => limit.abort(options.onLimit()), options.ms);
  try {
    return await work(AbortSignal.any([options.signal, limit.signal]));
  } catch (error) {
    throw limit.signal.aborted ? limit.signal.reason : error;
  } finally {
    timer.cancel();
  }
}
