import { withoutUndefined } from '@vigilia/protocol';
import type { Logger } from '@vigilia/service';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { PeopleList, PeopleResult, PersonView } from '../../shared/people-view.ts';
import { roles } from '../../shared/roles.ts';
import type { Access, Account } from '../access.ts';
import {
  addNewStation,
  addNewUser,
  changeUser,
  endSessionsOf,
  type NewUser,
  removeUser,
  setPassword,
} from '../auth/account-changes.ts';
import { removePasskeys } from '../auth/passkey-changes.ts';
import type { Sessions } from '../auth/sessions.ts';
import { maySeeClips, type Users } from '../auth/users.ts';
import { displayNameSchema, type User, userNameSchema, wardsSchema } from '../auth/users-file.ts';
import { RequestError } from '../request-error.ts';
import { accountError } from './account-error.ts';
import { sessionEntries } from './account-routes.ts';
import { checked, signature } from './command-routes.ts';

export interface PeopleRoutesOptions {
  readonly access: Access;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly logger: Logger;
}

const rateLimit = { max: 60, timeWindow: 60_000 };
const config = { rateLimit };

const newPasswordSchema = z.string().max(1024);
/** An empty list: all rooms. */
const wardListSchema = z.union([wardsSchema, z.array(z.string()).length(0)]);
const newPersonSchema = z.object({
  name: userNameSchema,
  displayName: displayNameSchema,
  role: z.enum(roles),
  wards: wardListSchema.default([]),
  clips: z.boolean().default(false),
  password: newPasswordSchema.optional(),
});
const changeSchema = z.object({
  displayName: displayNameSchema.optional(),
  role: z.enum(roles).optional(),
  wards: wardListSchema.optional(),
  clips: z.boolean().optional(),
  blocked: z.boolean().optional(),
});
const passwordBody = z.object({ password: newPasswordSchema });
const endBody = z.object({ key: z.string().max(64).optional() });

/** What administrators do with accounts: each act is in the log with the account that did it, and counts at once. */
export function peopleRoutes(app: FastifyInstance, { access, users, sessions, logger }: PeopleRoutesOptions): void {
  /** Carries a change out: what it means for sign-ins and devices has happened when it resolves. */
  const act = async <T>(
    request: FastifyRequest,
    event: string,
    facts: object,
    change: () => Promise<T>,
  ): Promise<T> => {
    const person = access.require(request, 'accounts');
    const outcome = await change().catch((error: unknown) => {
      throw accountError(error);
    });
    logger.info({ event, ...facts, ...signed(person) }, 'an account was changed');
    await access.refresh();
    return outcome;
  };
  const { file } = users;

  app.get('/api/people', { config }, async (request): Promise<PeopleList> => {
    const { site } = access.require(request, 'accounts');
    const open = sessions.list((name) => users.credentialOf(name));
    const own = access.sessionKeyOf(request);
    const people = users.all().map(
      (user): PersonView =>
        withoutUndefined({
          name: user.name,
          displayName: user.display_name,
          role: user.role,
          wards: user.wards,
          clips: maySeeClips(user),
          provider: user.oidc === undefined ? undefined : providerName(user.oidc.issuer),
          passkeys: user.passkeys?.length ?? 0,
          blocked: user.blocked === true,
          sessions: sessionEntries(open, user.name, own),
        }),
    );
    const rooms = Object.values(site.house.desired?.rooms ?? {});
    const wards = [...new Set(rooms.flatMap(({ ward }) => ward ?? []))].sort((a, b) => a.localeCompare(b));
    return { people, wards };
  });

  app.post('/api/people', { config }, async (request): Promise<PeopleResult> => {
    access.require(request, 'accounts');
    const { name, displayName, role, wards, clips, password = '' } = checked(newPersonSchema, request.body);
    const user: NewUser = withoutUndefined({
      name,
      display_name: displayName,
      role,
      wards: wards.length === 0 ? undefined : wards,
      clips,
    });
    const facts = { subject: name, role, wards, clips };
    if (role === 'station') {
      const token = await act(request, 'account_added', facts, () => addNewStation(file, user));
      return { link: `/station/${token}` };
    }
    await act(request, 'account_added', facts, () => addNewUser(file, user, password));
    return {};
  });

  app.post('/api/people/:name', { config }, async (request): Promise<PeopleResult> => {
    const person = access.require(request, 'accounts');
    const name = nameOf(request);
    const { displayName, role, wards, clips, blocked } = checked(changeSchema, request.body);
    if (name === person.userName && clips === true && !person.clips) {
      throw new RequestError(403, 'not_allowed', 'The right to see clips is given by another administrator.');
    }
    const change = { display_name: displayName, role, wards, clips, blocked };
    await act(request, 'account_changed', { subject: name, ...withoutUndefined(change) }, () =>
      changeUser(file, name, change, keepsAdministrator),
    );
    return {};
  });

  app.post('/api/people/:name/password', { config }, async (request): Promise<PeopleResult> => {
    access.require(request, 'accounts');
    const name = nameOf(request);
    const { password } = checked(passwordBody, request.body);
    await act(request, 'account_password_set', { subject: name }, () => setPassword(file, name, password));
    return {};
  });

  app.post('/api/people/:name/passkeys/remove', { config }, async (request): Promise<PeopleResult> => {
    access.require(request, 'accounts');
    const name = nameOf(request);
    await act(request, 'passkeys_removed', { subject: name }, () => removePasskeys(file, name));
    return {};
  });

  app.post('/api/people/:name/remove', { config }, async (request): Promise<PeopleResult> => {
    access.require(request, 'accounts');
    const name = nameOf(request);
    refuseProviderAccount(users.find(name));
    await act(request, 'account_removed', { subject: name }, () => removeUser(file, name, keepsAdministrator));
    return {};
  });

  app.post('/api/people/:name/sessions/end', { config }, async (request): Promise<PeopleResult> => {
    access.require(request, 'accounts');
    const name = nameOf(request);
    const { key } = checked(endBody, request.body);
    await act(request, 'sessions_ended', { subject: name, all: key === undefined }, async () => {
      if (key === undefined) return endSessionsOf(file, name);
      await sessions.end(name, key);
    });
    return {};
  });
}

/** Who acts, for the log. */
function signed(person: Account): { readonly user: string; readonly account: string | undefined } {
  return { user: signature(person, undefined), account: person.userName };
}

function nameOf(request: FastifyRequest): string {
  return checked(z.object({ name: userNameSchema }), request.params).name;
}

/** A removed account of a provider would come back with the next sign-in: only blocking keeps a person out. */
function refuseProviderAccount(user: User | undefined): void {
  if (user?.oidc === undefined) return;
  const message = 'This account comes from the provider and would come back at the next sign-in. Block it instead.';
  throw new RequestError(409, 'provider_account', message);
}

function providerName(issuer: string): string {
  return URL.canParse(issuer) ? new URL(issuer).host : issuer;
}

/** The page must never be without an account that can manage people. */
function keepsAdministrator(users: readonly User[]): void {
  const isLeft = users.some(({ role, password, wards, blocked }) => {
    return role === 'administrator' && password !== undefined && wards === undefined && blocked !== true;
  });
  if (isLeft) return;
  const message = 'This is the last administrator of all wards with a password. Make another one first.';
  throw new RequestError(409, 'last_administrator', message);
}
