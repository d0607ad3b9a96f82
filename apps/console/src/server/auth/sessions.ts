import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@vigilia/service';

export interface Session {
  /** Who signed in; undefined where nobody has to. */
  readonly userName: string | undefined;
  /** Every change must carry it: a page of another site cannot know it. */
  readonly csrfToken: string;
  readonly endsAtMs: number;
}

const maxSessions = 5000;

/** Sessions in memory, found by the hash of their id: who reads the memory of this process cannot sign in with it. */
export class Sessions {
  readonly #clock: Clock;
  readonly #lifetimeMs: number;
  readonly #sessions = new Map<string, Session>();

  constructor(options: { clock: Clock; lifetimeMs: number }) {
    this.#clock = options.clock;
    this.#lifetimeMs = options.lifetimeMs;
  }

  get lifetimeSeconds(): number {
    return Math.floor(this.#lifetimeMs / 1000);
  }

  /** A new session and the id for its cookie. The oldest one goes where there are too many. */
  open(userName: string | undefined): { id: string; session: Session } {
    this.#forgetOld();
    const id = randomBytes(32).toString('base64url');
    const session: Session = {
      userName,
      csrfToken: randomBytes(32).toString('base64url'),
      endsAtMs: this.#clock.monotonic() + this.#lifetimeMs,
    };
    this.#sessions.set(digest(id), session);
    return { id, session };
  }

  find(id: string | undefined): Session | undefined {
    if (id === undefined) return undefined;
    const session = this.#sessions.get(digest(id));
    return session !== undefined && session.endsAtMs > this.#clock.monotonic() ? session : undefined;
  }

  close(id: string): void {
    this.#sessions.delete(digest(id));
  }

  #forgetOld(): void {
    const now = this.#clock.monotonic();
    for (const [key, session] of this.#sessions) if (session.endsAtMs <= now) this.#sessions.delete(key);
    const oldest = this.#sessions.keys().next().value;
    if (this.#sessions.size >= maxSessions && oldest !== undefined) this.#sessions.delete(oldest);
  }
}

/** Compares without telling by the time it takes how much was right. */
export function sameToken(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

function digest(id: string): string {
  return createHash('sha256').update(id).digest('base64');
}
