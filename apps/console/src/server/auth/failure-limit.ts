import type { Clock } from '@vigilia/service';

export interface FailureLimitOptions {
  readonly clock: Clock;
  /** So many failures within the window are allowed. */
  readonly max: number;
  readonly windowMs: number;
}

/** Names that are remembered; the one that failed longest ago goes first. */
const maxNames = 2000;

/**
 * Counts failed sign-ins by account, wherever they come from: an address can be changed, the account that somebody is after
 * cannot. Unknown names are counted too, so that nothing tells them apart.
 */
export class FailureLimit {
  readonly #options: FailureLimitOptions;
  readonly #failures = new Map<string, readonly number[]>();

  constructor(options: FailureLimitOptions) {
    this.#options = options;
  }

  blocked(name: string): boolean {
    return this.#recent(name).length >= this.#options.max;
  }

  failed(name: string): void {
    const failures = [...this.#recent(name), this.#options.clock.monotonic()];
    this.#failures.delete(name);
    this.#failures.set(name, failures);
    const oldest = this.#failures.keys().next().value;
    if (this.#failures.size > maxNames && oldest !== undefined) this.#failures.delete(oldest);
  }

  succeeded(name: string): void {
    this.#failures.delete(name);
  }

  #recent(name: string): readonly number[] {
    const { clock, windowMs } = this.#options;
    const since = clock.monotonic() - windowMs;
    return (this.#failures.get(name) ?? []).filter((at) => at > since);
  }
}
