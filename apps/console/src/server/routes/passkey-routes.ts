import type { Logger } from '@vigilia/service';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { SessionView } from '../../shared/session-view.ts';
import type { Access } from '../access.ts';
import type { FailureLimit } from '../auth/failure-limit.ts';
import { mayHavePasskeys, removePasskey } from '../auth/passkey-changes.ts';
import type { Users } from '../auth/users.ts';
import type { User } from '../auth/users-file.ts';
import type { Passkeys } from '../passkeys/passkeys.ts';
import { RequestError } from '../request-error.ts';
import { accountError } from './account-error.ts';
import { checked, signature } from './command-routes.ts';
import { sessionOf } from './session-routes.ts';

export interface PasskeyRoutesOptions {
  readonly access: Access;
  readonly users: Users;
  readonly passkeys: Passkeys;
  readonly failures: FailureLimit;
  readonly logger: Logger;
}

const rateLimit = { max: 20, timeWindow: 60_000 };
const own = { rateLimit, forWards: true } as const;
const beginBody = z.object({ current: z.string().max(1024) });
const addBody = z.object({ name: z.string().trim().min(1, 'must not be empty').max(64), answer: z.unknown() });
const removeBody = z.object({ id: z.string().max(2048) });

/** Sign-in with a passkey, and the passkeys of the own account. */
export function passkeyRoutes(app: FastifyInstance, options: PasskeyRoutesOptions): void {
  const { access, users, passkeys, failures, logger } = options;

  app.post('/api/sign-in/passkey/begin', { config: { rateLimit } }, () => passkeys.beginSignIn());

  app.post('/api/sign-in/passkey', { config: { rateLimit } }, async (request, reply): Promise<SessionView> => {
    const user = await passkeys.finishSignIn(request.body).catch((error: unknown) => {
      throw accountError(error);
    });
    if (user === undefined) {
      logger.warn({ event: 'sign_in_refused', code: 'wrong_passkey', ip: request.ip }, 'sign-in refused');
      throw wrong(401);
    }
    await access.refresh();
    const { csrfToken } = await access.open(request, reply, user);
    logger.info({ event: 'signed_in', user: user.name, role: user.role, ip: request.ip, passkey: true }, 'signed in');
    return { signedIn: true, signInNeeded: true, ...sessionOf(user, csrfToken) };
  });

  /** The password once more: a page that was left open must not be enough to stay in for ever. */
  app.post('/api/account/passkeys/begin', { config: own }, async (request) => {
    const { userName = '' } = access.require(request, 'look');
    const { current } = checked(beginBody, request.body);
    if (failures.blocked(userName, request.ip)) {
      throw new RequestError(429, 'account_blocked', 'Too many attempts; wait ten minutes and try again.');
    }
    const user = await users.signIn(userName, current);
    if (user === undefined || !mayHavePasskeys(user)) {
      failures.failed(userName, request.ip);
      throw new RequestError(403, 'wrong_current_password', 'The present password is not right.');
    }
    return passkeys.beginAdding(user);
  });

  app.post('/api/account/passkeys', { config: own }, async (request): Promise<Record<string, never>> => {
    const person = access.require(request, 'look');
    const { userName = '' } = person;
    const { name, answer } = checked(addBody, request.body);
    const added = await passkeys.finishAdding(userName, name, answer).catch((error: unknown) => {
      throw accountError(error);
    });
    if (!added) throw wrong(400);
    logger.info({ event: 'passkey_added', subject: userName, passkey: name, ...by(person) }, 'an account was changed');
    await access.refresh();
    return {};
  });

  app.post('/api/account/passkeys/remove', { config: own }, async (request): Promise<Record<string, never>> => {
    const person = access.require(request, 'look');
    const { userName = '' } = person;
    const { id } = checked(removeBody, request.body);
    await removePasskey(users.file, userName, id).catch((error: unknown) => {
      throw accountError(error);
    });
    logger.info({ event: 'passkey_removed', subject: userName, ...by(person) }, 'an account was changed');
    await access.refresh();
    return {};
  });
}

function by(person: Parameters<typeof signature>[0] & { readonly userName: User['name'] | undefined }) {
  return { user: signature(person, undefined), account: person.userName };
}

function wrong(status: number): RequestError {
  return new RequestError(status, 'wrong_passkey', 'This passkey is not valid here. Try again, or use the password.');
}
