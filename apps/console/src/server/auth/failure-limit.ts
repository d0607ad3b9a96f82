import type { Clock } from '@vigilia/service';

export interface FailureLimitOptions {
  readonly clock: Clock;
  /** So many failures of one account from one address are allowed within the window. */
  readonly maxFromAddress: number;
  /** So many of one account from everywhere: an attacker can change the address, but not the account. */
  readonly maxOfAccount: number;
  readonly windowMs: number;
}

/** What is remembered at most; what failed longest ago goes first. */
const maxKeys = 4000;

/**
 * Counts failed sign-ins. An attacker who guesses at an account soon closes it for their own address, and much later for all: one
 * person at one device must not be able to keep the others out. Unknown names are counted too, so that they cannot be distinguished.
 */
export class FailureLimit {
  readonly #options: FailureLimitOptions;
  readonly #failures = new Map<string, readonly number[]>();

  constructor(options: FailureLimitOptions) {
    this.#options = options;
  }

  blocked(account: string, address: string): boolean {
    const { maxFromAddress, maxOfAccount } = this.#options;
    return (
      this.#recent(both(account, address)).length >= maxFromAddress || this.#recent(account).length >= maxOfAccount
    );
  }

  failed(account: string, address: string): void {
    for (const key of [account, both(account, address)]) {
      const failures = [...this.#recent(key), this.#options.clock.monotonic()];
      this.#failures.delete(key);
      this.#failures.set(key, failures);
    }
    while (this.#failures.size > maxKeys) {
      const oldest = this.#failures.keys().next().value;
      if (oldest !== undefined) {
        this.#failures.delete(oldest);
      }
    }
  }

  /** Forgets the failures from this address; what others tried goes on counting. */
  succeeded(account: string, address: string): void {
    this.#failures.delete(both(account, address));
  }

  #recent(key: string): readonly number[] {
    const { clock, windowMs } = this.#options;
    const since = clock.monotonic() - windowMs;
    return (this.#failures.get(key) ?? []).filter((at) => at > since);
  }
}

function both(account: string, address: string): string {
  return `${account}\n${address}`;
}
