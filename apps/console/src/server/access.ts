import type { FastifyReply, FastifyRequest } from 'fastify';
import { isLoopback } from '../loopback.ts';
import { may, type Permission, type Role } from '../shared/roles.ts';
import { type Session, type Sessions, sameToken } from './auth/sessions.ts';
import { credentialOf, maySeeClips, type Users } from './auth/users.ts';
import type { User } from './auth/users-file.ts';
import { deviceOf } from './device-of.ts';
import type { LiveHouse } from './live-house.ts';
import type { LiveSite } from './live-site.ts';
import { RequestError } from './request-error.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * The route is for accounts that are limited to wards, too: it knows rooms by `Account.site` only. Every other route refuses
     * them.
     */
    forWards?: true;
  }
}

const sessionCookie = 'vigilia_session';

const longestCookieSeconds = 400 * 86_400;

/** Who asks. */
export interface Account {
  /** What is typed to sign in; undefined where no sign-in is needed. */
  readonly userName: string | undefined;
  /** What incidents show; undefined without a sign-in: the page asks for it. */
  readonly displayName: string | undefined;
  readonly role: Role;
  /** May see clips of falls: a right of the account, which no role has by itself. */
  readonly clips: boolean;
  /** What the account may know of the site. */
  readonly site: LiveSite;
  readonly csrfToken: string;
}

export interface AccessOptions {
  /** `undefined`: every user of the page may do everything. */
  readonly users: Users | undefined;
  readonly sessions: Sessions;
  readonly live: LiveHouse;
  readonly cookiePath: string;
}

/** Decides who asks and whether they may. */
export class Access {
  readonly #options: AccessOptions;

  constructor(options: AccessOptions) {
    this.#options = options;
  }

  get signInNeeded(): boolean {
    return this.#options.users !== undefined;
  }

  /** Looks at the users file again: who was taken out of it is out. A file that is broken for the moment changes nothing. */
  async refresh(): Promise<void> {
    await this.#options.users?.load().catch(() => undefined);
  }

  /** Calls the listener after each change of the accounts or of who is signed in. */
  onChange(listener: () => void): void {
    this.#options.users?.onChange(listener);
    this.#options.sessions.onEnded(listener);
  }

  /** The person behind the request's cookie, with the role and the wards that the users file gives now. */
  personOf(request: FastifyRequest): Account | undefined {
    const { users, sessions, live } = this.#options;
    const session = sessions.find(request.cookies[sessionCookie], (name) => users?.credentialOf(name));
    if (session === undefined) return undefined;
    const { csrfToken, userName } = session;
    if (users === undefined) {
      const site = live.siteOf(undefined);
      return { userName: undefined, displayName: undefined, role: 'technician', clips: false, site, csrfToken };
    }
    const user = userName === undefined ? undefined : users.find(userName);
    if (user === undefined) return undefined;
    return {
      userName,
      displayName: user.display_name,
      role: user.role,
      clips: maySeeClips(user),
      site: live.siteOf(user.wards),
      csrfToken,
    };
  }

  /**
   * @throws RequestError `signed_out` (401), `not_allowed` (403), `wrong_token` (403) for a change without the session's token,
   *   `other_ward` (403) for an account that is limited to wards, where the route is not `forWards`
   */
  require(request: FastifyRequest, permission: Permission): Account {
    const person = this.personOf(request);
    if (person === undefined) throw new RequestError(401, 'signed_out', 'Please sign in.');
    if (request.method !== 'GET') {
      requireToken(request, person.csrfToken);
    }
    if (!may(person.role, permission)) {
      throw new RequestError(403, 'not_allowed', `A ${person.role} may not do this.`);
    }
    if (request.routeOptions.config.forWards !== true) {
      requireWholeSite(person);
    }
    return person;
  }

  /**
   * Demands the right to clips. Without accounts no person has it, because each view is recorded with a name that was checked.
   * @throws RequestError as `require`
   */
  requireClips(request: FastifyRequest): Account {
    const person = this.require(request, 'picture');
    if (person.clips) return person;
    const message =
      'This account may not see clips. A technician gives the right with "vigilia console add-user --clips".';
    throw new RequestError(403, 'not_allowed', message);
  }

  /**
   * Opens a session and hands its cookie out. That of a station display does not end.
   * @param providerSid the session at the provider, where it names one
   */
  async open(
    request: FastifyRequest,
    reply: FastifyReply,
    user: User | undefined,
    providerSid?: string,
  ): Promise<Session> {
    await this.close(request);
    const ends = user?.role !== 'station';
    const credential = user === undefined ? '' : credentialOf(user);
    const device = deviceOf(request.headers['user-agent']);
    const opened = { userName: user?.name, credential, ends, device, providerSid };
    const { id, session } = await this.#options.sessions.open(opened);
    this.#setCookie(request, reply, id, ends ? this.#options.sessions.lifetimeSeconds : longestCookieSeconds);
    return session;
  }

  /** Browsers forget a cookie after 400 days; that of a station display is handed out again each time it asks who it is. */
  renew(request: FastifyRequest, reply: FastifyReply, person: Account): void {
    const id = request.cookies[sessionCookie];
    if (person.role === 'station' && id !== undefined) {
      this.#setCookie(request, reply, id, longestCookieSeconds);
    }
  }

  #setCookie(request: FastifyRequest, reply: FastifyReply, id: string, maxAge: number): void {
    void reply.setCookie(sessionCookie, id, {
      path: this.#options.cookiePath,
      httpOnly: true,
      sameSite: 'strict',
      secure: needsSecureCookie(request),
      maxAge,
    });
  }

  /** Returns the key of the session that asks. */
  sessionKeyOf(request: FastifyRequest): string | undefined {
    const id = request.cookies[sessionCookie];
    return id === undefined ? undefined : this.#options.sessions.keyOf(id);
  }

  /** Keeps the session that asks in force while its user gets another password. */
  async keep(request: FastifyRequest, user: User): Promise<void> {
    const id = request.cookies[sessionCookie];
    if (id !== undefined) {
      await this.#options.sessions.keep(id, credentialOf(user));
    }
  }

  async close(request: FastifyRequest): Promise<void> {
    const id = request.cookies[sessionCookie];
    if (id !== undefined) {
      await this.#options.sessions.close(id);
    }
  }

  forget(reply: FastifyReply): void {
    void reply.clearCookie(sessionCookie, { path: this.#options.cookiePath });
  }
}

/** Cookies are `Secure` unless the browser speaks plain HTTP to this very machine. */
export function needsSecureCookie(request: FastifyRequest): boolean {
  return request.protocol === 'https' || !isLoopback(request.hostname);
}

/** @throws RequestError `other_ward` (403) for an account that is limited to wards */
export function requireWholeSite({ site }: Account): void {
  if (site.wards === undefined) return;
  const message = `This account has only the wards ${site.wards.join(', ')}; this concerns other rooms, too.`;
  throw new RequestError(403, 'other_ward', message);
}

/** @throws RequestError `other_ward` (403) for a room of another ward; an account without wards may name rooms that do not exist */
export function requireRoom({ site }: Account, sourceId: number): void {
  if (site.has(sourceId)) return;
  throw new RequestError(403, 'other_ward', `Room ${sourceId} does not belong to the wards of this account.`);
}

/** @throws RequestError `other_ward` (403) for an incident of another ward, and for one that does not exist */
export function requireIncident({ site }: Account, incidentId: string): void {
  if (site.hasIncident(incidentId)) return;
  throw new RequestError(403, 'other_ward', 'The incident does not belong to the wards of this account.');
}

function requireToken(request: FastifyRequest, expected: string): void {
  const token = request.headers['x-csrf-token'];
  if (typeof token !== 'string' || !sameToken(token, expected)) {
    throw new RequestError(403, 'wrong_token', 'This page is out of date; load it again.');
  }
}
