import type { Failure } from '../plan/view.ts';

const minRetryMs = 1000;
const maxRetryMs = 30_000;
/** A failure that was not repeated for this long is forgotten. */
const forgetAfterMs = 600_000;

/**
 * The acts under way and what became of the last ones: a failed act is a fact for the next look, and is not tried again
 * before its time. Times are monotonic milliseconds.
 */
export class ActProgress {
  readonly #pending = new Set<string>();
  readonly #failures = new Map<string, Failure>();

  get pending(): ReadonlySet<string> {
    return this.#pending;
  }

  get failures(): ReadonlyMap<string, Failure> {
    return this.#failures;
  }

  begin(key: string): void {
    this.#pending.add(key);
  }

  succeed(key: string): void {
    this.#pending.delete(key);
    this.#failures.delete(key);
  }

  /** Ends an act of which it is not known whether it happened (the connection went): the next look will see. */
  abandon(key: string): void {
    this.#pending.delete(key);
  }

  fail(key: string, error: { code: string; message: string }, nowMs: number): void {
    this.#pending.delete(key);
    const count = (this.#failures.get(key)?.count ?? 0) + 1;
    // starting a dedicated processor has its own pauses, which outlast a crash: see the planner
    const pauseMs = key.startsWith('spawn:') ? 0 : Math.min(maxRetryMs, minRetryMs * 2 ** (count - 1));
    this.#failures.set(key, { count, ...error, lastMs: nowMs, retryAtMs: nowMs + pauseMs });
    for (const [other, failure] of this.#failures) {
      if (nowMs - failure.lastMs > forgetAfterMs) {
        this.#failures.delete(other);
      }
    }
  }
}
