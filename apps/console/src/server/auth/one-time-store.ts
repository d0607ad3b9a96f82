import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '@vigilia/service';

const maxEntries = 1000;

/** Values that are handed out under a random id and can be taken once, within a time: a replayed answer finds nothing. */
export class OneTimeStore<T> {
  readonly #clock: Clock;
  readonly #lifetimeMs: number;
  readonly #entries = new Map<string, { readonly value: T; readonly endsAtMs: number }>();

  constructor(clock: Clock, lifetimeMs: number) {
    this.#clock = clock;
    this.#lifetimeMs = lifetimeMs;
  }

  /** Returns the id of the value: 32 random bytes, base64url. Where there are too many, the oldest one is forgotten. */
  add(value: T): string {
    const oldest = this.#entries.size >= maxEntries ? this.#entries.keys().next().value : undefined;
    if (oldest !== undefined) {
      this.#entries.delete(oldest);
    }
    const id = randomBytes(32).toString('base64url');
    this.#entries.set(digest(id), { value, endsAtMs: this.#clock.monotonic() + this.#lifetimeMs });
    return id;
  }

  /** Returns the value and forgets it; undefined where there is none, or it took too long. */
  take(id: string | undefined): T | undefined {
    if (id === undefined) return undefined;
    const found = this.#entries.get(digest(id));
    this.#entries.delete(digest(id));
    return found !== undefined && found.endsAtMs > this.#clock.monotonic() ? found.value : undefined;
  }
}

function digest(id: string): string {
  return createHash('sha256').update(id).digest('base64');
}
