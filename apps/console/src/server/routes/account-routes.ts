import { withoutUndefined } from '@vigilia/protocol';
import type { Logger } from '@vigilia/service';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { OwnAccount, PasskeyEntry, PasskeyProblem, SessionEntry } from '../../shared/people-view.ts';
import type { Access } from '../access.ts';
import { setPassword } from '../auth/account-changes.ts';
import type { FailureLimit } from '../auth/failure-limit.ts';
import type { OpenSession, Sessions } from '../auth/sessions.ts';
import type { Users } from '../auth/users.ts';
import type { User } from '../auth/users-file.ts';
import { RequestError } from '../request-error.ts';
import { accountError } from './account-error.ts';
import { checked, signature } from './command-routes.ts';

export interface AccountRoutesOptions {
  readonly access: Access;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly failures: FailureLimit;
  /** Undefined where passkeys work. */
  readonly passkeyProblem: PasskeyProblem | undefined;
  readonly logger: Logger;
}

const config = { rateLimit: { max: 30, timeWindow: 60_000 }, forWards: true } as const;
const passwordBody = z.object({ current: z.string().max(1024), password: z.string().max(1024) });
const endBody = z.object({ key: z.string().max(64) });

/** What each person does with the own account: see and end its sign-ins, choose another password. */
export function accountRoutes(app: FastifyInstance, options: AccountRoutesOptions): void {
  const { access, users, sessions, failures, logger } = options;

  app.get('/api/account', { config }, async (request): Promise<OwnAccount> => {
    const { userName = '' } = access.require(request, 'look');
    const open = sessions.list((name) => users.credentialOf(name));
    const user = users.find(userName);
    return withoutUndefined({
      hasPassword: user?.password !== undefined,
      passkeys: passkeyEntries(user),
      passkeyProblem: options.passkeyProblem,
      sessions: sessionEntries(open, userName, access.sessionKeyOf(request)),
    });
  });

  /** Every sign-in with the last password ends, except the one that asks. */
  app.post('/api/account/password', { config }, async (request): Promise<Record<string, never>> => {
    const person = access.require(request, 'look');
    const { userName = '' } = person;
    const { current, password } = checked(passwordBody, request.body);
    if (failures.blocked(userName, request.ip)) {
      throw new RequestError(429, 'account_blocked', 'Too many attempts; wait ten minutes and try again.');
    }
    if ((await users.signIn(userName, current)) === undefined) {
      failures.failed(userName, request.ip);
      throw new RequestError(403, 'wrong_current_password', 'The present password is not right.');
    }
    const changed = await setPassword(users.file, userName, password).catch((error: unknown) => {
      throw accountError(error);
    });
    const by = { user: signature(person, undefined), account: userName };
    logger.info({ event: 'account_password_set', subject: userName, ...by }, 'an account was changed');
    // before the other sign-ins end: their pages are notified when the file is read
    await access.keep(request, changed);
    await access.refresh();
    return {};
  });

  app.post('/api/account/sessions/end', { config }, async (request): Promise<Record<string, never>> => {
    const person = access.require(request, 'look');
    const { userName = '' } = person;
    const { key } = checked(endBody, request.body);
    if (await sessions.end(userName, key)) {
      const by = { user: signature(person, undefined), account: userName };
      logger.info({ event: 'sessions_ended', subject: userName, all: false, ...by }, 'a sign-in was ended');
    }
    return {};
  });
}

function passkeyEntries(user: User | undefined): readonly PasskeyEntry[] {
  return (user?.passkeys ?? []).map(({ id, name, added_at, used_at }) =>
    withoutUndefined({ id, name, addedAt: added_at, usedAt: used_at }),
  );
}

/** Returns the sign-ins of one account for the page. @param ownKey of the session that asks */
export function sessionEntries(
  open: readonly OpenSession[],
  userName: string,
  ownKey: string | undefined,
): readonly SessionEntry[] {
  return open
    .filter(({ user }) => user === userName)
    .map(({ key, openedAtMs, endsAtMs, device }) =>
      withoutUndefined({
        key,
        openedAt: isoTime(openedAtMs),
        endsAt: isoTime(endsAtMs),
        device,
        own: key === ownKey,
      }),
    );
}

function isoTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
