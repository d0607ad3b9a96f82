import type { SendError } from '../targets/target.ts';

/** Whether a target takes messages, as /healthz shows it. */
export interface TargetState {
  readonly ok: boolean;
  readonly pending: number;
  readonly failing_since?: string;
  readonly code?: string;
  readonly error?: string;
  readonly remedy?: string;
  /** For how long the other side of a kept connection has not been heard. */
  readonly link_lost_seconds?: number;
}

/** Remembers for each target whether the last attempt got through. */
export class TargetHealth {
  readonly #failures = new Map<string, { since: string; error: SendError }>();

  /** @returns whether it had failed before. */
  succeeded(target: string): boolean {
    return this.#failures.delete(target);
  }

  /** @returns whether this is the first failure since it worked. */
  failed(target: string, error: SendError, nowIso: string): boolean {
    const before = this.#failures.get(target);
    this.#failures.set(target, { since: before?.since ?? nowIso, error });
    return before === undefined;
  }

  state(target: string, pending: number): TargetState {
    const failure = this.#failures.get(target);
    if (failure === undefined) return { ok: true, pending };
    const { code, message, remedy } = failure.error;
    return { ok: false, pending, failing_since: failure.since, code, error: message, remedy };
  }
}
