import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '@vigilia/service';

/** What a sign-in through the provider must bring back, and where the page goes on. */
export interface Attempt {
  readonly state: string;
  readonly nonce: string;
  /** PKCE, RFC 7636. */
  readonly codeVerifier: string;
  /** View of the page, such as `rooms/3`. */
  readonly view: string;
}

/** Time to sign in at the provider. */
export const attemptMs = 600_000;
const maxAttempts = 1000;

/** Sign-ins that are under way, each bound to one browser by its cookie. Each can be taken once: a replayed answer finds nothing. */
export class SignInAttempts {
  readonly #clock: Clock;
  readonly #attempts = new Map<string, { readonly attempt: Attempt; readonly endsAtMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns the id for the browser's cookie. Where there are too many, the oldest one is forgotten. */
  add(attempt: Attempt): string {
    const oldest = this.#attempts.size >= maxAttempts ? this.#attempts.keys().next().value : undefined;
    if (oldest !== undefined) {
      this.#attempts.delete(oldest);
    }
    const id = randomBytes(32).toString('base64url');
    this.#attempts.set(digest(id), { attempt, endsAtMs: this.#clock.monotonic() + attemptMs });
    return id;
  }

  /** Returns the attempt of this browser and forgets it; undefined where there is none, or it took too long. */
  take(id: string | undefined): Attempt | undefined {
    if (id === undefined) return undefined;
    const found = this.#attempts.get(digest(id));
    this.#attempts.delete(digest(id));
    return found !== undefined && found.endsAtMs > this.#clock.monotonic() ? found.attempt : undefined;
  }
}

function digest(id: string): string {
  return createHash('sha256').update(id).digest('base64');
}
