import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@vigilia/service';
import type { SessionFile, StoredSession } from './session-file.ts';

export interface Session {
  /** Who signed in; undefined where sign-in is off. */
  readonly userName: string | undefined;
  /** Every change must carry it: a page of another site cannot know it. */
  readonly csrfToken: string;
}

export interface NewSession {
  readonly userName: string | undefined;
  /** Belongs to the password or token in force: another one ends the session. */
  readonly credential: string;
  /** False for station displays. */
  readonly ends: boolean;
  /** Browser and system; undefined where they are not known. */
  readonly device?: string | undefined;
  /** The session at the OpenID Connect provider that it was opened through. */
  readonly providerSid?: string | undefined;
}

/** A session as people see it: with its key it can be ended, but not used. */
export interface OpenSession {
  readonly key: string;
  readonly user: string;
  /** Epoch ms; undefined for sessions of versions that did not record it. */
  readonly openedAtMs: number | undefined;
  /** Epoch ms; undefined for a session that does not end. */
  readonly endsAtMs: number | undefined;
  readonly device: string | undefined;
}

export interface SessionsOptions {
  readonly clock: Clock;
  readonly lifetimeMs: number;
  /** Where sessions outlast a restart; undefined: nowhere. */
  readonly file: SessionFile | undefined;
}

const maxSessions = 5000;
const maxOfAccount = 200;

/** Sessions, found by the hash of their id: neither this process's memory nor the file is enough to sign in with. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #sessions = new Map<string, StoredSession>();
  readonly #listeners = new Set<() => void>();

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** Takes over the sessions of an earlier run. One may not last longer than a new one would: clocks are set back. */
  async start(): Promise<void> {
    const { clock, lifetimeMs, file } = this.#options;
    for (const kept of (await file?.load()) ?? []) {
      const ends_at = kept.ends_at === undefined ? undefined : Math.min(kept.ends_at, clock.now() + lifetimeMs);
      this.#sessions.set(kept.id_hash, { ...kept, ends_at });
    }
    this.#forgetEnded();
  }

  get lifetimeSeconds(): number {
    return Math.floor(this.#options.lifetimeMs / 1000);
  }

  /** Opens a session and returns the id for its cookie. Where there are too many, the oldest one of the account ends. */
  async open({
    userName,
    credential,
    ends,
    device,
    providerSid,
  }: NewSession): Promise<{ id: string; session: Session }> {
    this.#forgetEnded();
    this.#makeRoom(userName);
    const id = randomBytes(32).toString('base64url');
    const nowMs = this.#options.clock.now();
    this.#sessions.set(digest(id), {
      id_hash: digest(id),
      user: userName,
      credential,
      ends_at: ends ? nowMs + this.#options.lifetimeMs : undefined,
      opened_at: nowMs,
      device,
      provider_sid: providerSid,
    });
    await this.#save();
    return { id, session: { userName, csrfToken: csrfTokenOf(id) } };
  }

  /** @param credentialOf the credential in force of a user; undefined: the user may not sign in any more */
  find(id: string | undefined, credentialOf: (userName: string) => string | undefined): Session | undefined {
    if (id === undefined) return undefined;
    const kept = this.#sessions.get(digest(id));
    if (kept === undefined || this.#ended(kept)) return undefined;
    if (kept.user !== undefined && credentialOf(kept.user) !== kept.credential) return undefined;
    return { userName: kept.user, csrfToken: csrfTokenOf(id) };
  }

  async close(id: string): Promise<void> {
    await this.#end(digest(id));
  }

  /** Returns the sessions of people that are in force, the newest first. @param credentialOf as for `find` */
  list(credentialOf: (userName: string) => string | undefined): readonly OpenSession[] {
    return openSessions([...this.#sessions.values()], credentialOf, this.#options.clock.now());
  }

  /** Ends the session with this key of this user. Returns whether there was one. */
  async end(userName: string, key: string): Promise<boolean> {
    const found = [...this.#sessions.values()].find(
      ({ user, id_hash }) => user === userName && sessionKey(id_hash) === key,
    );
    return found !== undefined && (await this.#end(found.id_hash));
  }

  /**
   * Ends sessions that a provider names, and returns how many: those opened through its session `sid`, or without one all of a user.
   * @param user undefined: not named; null: no account of this site, which has no sessions
   */
  async endOfProvider({ sid, user }: { sid: string | undefined; user: string | null | undefined }): Promise<number> {
    const named = [...this.#sessions.values()].filter((kept) => {
      const isOfUser = user === undefined || kept.user === user;
      return isOfUser && (sid === undefined ? user !== undefined : kept.provider_sid === sid);
    });
    for (const { id_hash: hash } of named) {
      await this.#end(hash);
    }
    return named.length;
  }

  /** Keeps a session through a change of the password or token that it was opened with. */
  async keep(id: string, credential: string): Promise<void> {
    const kept = this.#sessions.get(digest(id));
    if (kept === undefined) return;
    this.#sessions.set(kept.id_hash, { ...kept, credential });
    await this.#save();
  }

  /** Returns the key of the session with this id. */
  keyOf(id: string): string {
    return sessionKey(digest(id));
  }

  /** Calls the listener after each session that was ended. */
  onEnded(listener: () => void): void {
    this.#listeners.add(listener);
  }

  async #end(idHash: string): Promise<boolean> {
    if (!this.#sessions.delete(idHash)) return false;
    for (const listener of this.#listeners) {
      listener();
    }
    await this.#save();
    return true;
  }

  #save(): Promise<void> {
    return this.#options.file?.save([...this.#sessions.values()]) ?? Promise.resolve();
  }

  #ended({ ends_at }: StoredSession): boolean {
    return ends_at !== undefined && ends_at <= this.#options.clock.now();
  }

  #forgetEnded(): void {
    for (const [key, session] of this.#sessions) {
      if (this.#ended(session)) {
        this.#sessions.delete(key);
      }
    }
  }

  #makeRoom(userName: string | undefined): void {
    const own = [...this.#sessions].filter(([, { user }]) => user === userName);
    const [oldest] = own.length >= maxOfAccount ? own : this.#sessions.size >= maxSessions ? this.#sessions : [];
    if (oldest !== undefined) {
      this.#sessions.delete(oldest[0]);
    }
  }
}

/** Returns the sessions of people that are in force, the newest first. */
export function openSessions(
  stored: readonly StoredSession[],
  credentialOf: (userName: string) => string | undefined,
  nowMs: number,
): readonly OpenSession[] {
  return stored
    .flatMap(({ id_hash, user, credential, ends_at, opened_at, device }): OpenSession[] => {
      if (user === undefined || credentialOf(user) !== credential || (ends_at ?? Number.POSITIVE_INFINITY) <= nowMs) {
        return [];
      }
      return [{ key: sessionKey(id_hash), user, openedAtMs: opened_at, endsAtMs: ends_at, device }];
    })
    .toSorted((a, b) => (b.openedAtMs ?? 0) - (a.openedAtMs ?? 0));
}

/** Compares in constant time: the duration does not show how much was right. */
export function sameToken(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

/** Derived from the id, so that it need not be kept anywhere. */
function csrfTokenOf(id: string): string {
  return createHmac('sha256', id).update('csrf').digest('base64url');
}

function digest(id: string): string {
  return createHash('sha256').update(id).digest('base64');
}

/** A hash of the hash: what people see leads neither to the id nor to what the file holds. */
function sessionKey(idHash: string): string {
  return createHash('sha256').update(idHash).digest('base64url').slice(0, 16);
}
