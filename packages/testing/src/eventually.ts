export interface EventuallyOptions {
  timeoutMs?: number;
  intervalMs?: number;
  /** What was waited for; put before the last error. */
  message?: string;
}

/**
 * Calls `fn` until it does not throw, and answers its result.
 *
 * @throws the last error when `timeoutMs` (40 s) is over
 */
export async function eventually<T>(fn: () => T | Promise<T>, options: EventuallyOptions = {}): Promise<T> {
  const { timeoutMs = 40_000, intervalMs = 50, message } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await fn();
    } catch (error) {
      if (performance.now() >= deadline) {
        const text = error instanceof Error ? error.message : String(error);
        throw new Error(`${message ?? 'a condition'} did not come true within ${timeoutMs} ms: ${text}`, {
          cause: error,
        });
      }
    }
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}
