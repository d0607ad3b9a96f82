import type { FastifyReply, FastifyRequest } from 'fastify';
import { isLoopback } from '../settings.ts';
import { may, type Permission, type Role } from '../shared/roles.ts';
import { type Session, type Sessions, sameToken } from './auth/sessions.ts';
import { credentialOf, maySeeClips, type User, type Users } from './auth/users.ts';
import { RequestError } from './request-error.ts';

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
  readonly csrfToken: string;
}

export interface AccessOptions {
  /** `undefined`: every user of the page may do everything. */
  readonly users: Users | undefined;
  readonly sessions: Sessions;
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

  /** The person behind the request's cookie, with the role that the users file gives now. */
  personOf(request: FastifyRequest): Account | undefined {
    const { users, sessions } = this.#options;
    const session = sessions.find(request.cookies[sessionCookie], (name) => users?.credentialOf(name));
    if (session === undefined) return undefined;
    const { csrfToken, userName } = session;
    if (users === undefined) {
      return { userName: undefined, displayName: undefined, role: 'technician', clips: false, csrfToken };
    }
    const user = userName === undefined ? undefined : users.find(userName);
    if (user === undefined) return undefined;
    return { userName, displayName: user.display_name, role: user.role, clips: maySeeClips(user), csrfToken };
  }

  /**
   * @throws RequestError `signed_out` (401), `not_allowed` (403), `wrong_token` (403) for a change without the session's token
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

  /** Opens a session and hands its cookie out. That of a station display does not end. */
  async open(request: FastifyRequest, reply: FastifyReply, user: User | undefined): Promise<Session> {
    await this.close(request);
    const ends = user?.role !== 'station';
    const credential = user === undefined ? '' : credentialOf(user);
    const { id, session } = await this.#options.sessions.open({ userName: user?.name, credential, ends });
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
      // left out only where the browser speaks plain HTTP to this very machine
      secure: request.protocol === 'https' || !isLoopback(request.hostname),
      maxAge,
    });
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

function requireToken(request: FastifyRequest, expected: string): void {
  const token = request.headers['x-csrf-token'];
  if (typeof token !== 'string' || !sameToken(token, expected)) {
    throw new RequestError(403, 'wrong_token', 'This page is out of date; load it again.');
  }
}
