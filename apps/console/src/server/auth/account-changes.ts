import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { withoutUndefined } from '@vigilia/protocol';
import { UsageError } from '@vigilia/service';
import { hashPassword, hashToken } from './password.ts';
import { newStamp, type User, updateUsers } from './users-file.ts';

/** What is stated of a person when an account is added. */
export type NewUser = Pick<User, 'name' | 'display_name' | 'role' | 'wards' | 'clips'>;

/** What may be changed of an account; what is left out stays. */
export interface AccountChange {
  readonly display_name?: string | undefined;
  readonly role?: User['role'] | undefined;
  /** An empty list: all rooms. */
  readonly wards?: readonly string[] | undefined;
  readonly clips?: boolean | undefined;
  /** A blocked account may not sign in, and its sign-ins end. */
  readonly blocked?: boolean | undefined;
}

const leastPasswordLength = 8;

/** Adds or replaces one user. @throws UsageError `password_too_short` and those of `updateUsers` */
export async function writeUser(file: string, user: NewUser, password: string): Promise<void> {
  await putUser(file, { ...user, password: await hashedPassword(password) });
}

/** Adds a user whose name is free. @throws UsageError `user_exists`, `password_too_short` and those of `updateUsers` */
export async function addNewUser(file: string, user: NewUser, password: string): Promise<void> {
  const hash = await hashedPassword(password);
  await updateUsers(file, (users) => [...withNameFree(file, users, user.name), { ...user, password: hash }]);
}

/** Adds a station display, or gives one another token: sign-ins with the last one end. Returns the token, which is kept nowhere. */
export async function writeStation(file: string, station: Omit<NewUser, 'role'>): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await putUser(file, { ...station, role: 'station', token: hashToken(token) });
  return token;
}

/** Adds a station display whose name is free. Returns its token. @throws UsageError `user_exists` and those of `updateUsers` */
export async function addNewStation(file: string, station: Omit<NewUser, 'role'>): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const user: User = { ...station, role: 'station', token: hashToken(token) };
  await updateUsers(file, (users) => [...withNameFree(file, users, station.name), user]);
  return token;
}

/** Removes a user or a station display: every sign-in ends. @throws UsageError `unknown_user` */
export async function removeUser(file: string, name: string, rule: AccountRule = noRule): Promise<void> {
  await updateUsers(file, (users) => {
    const known = knownUser(file, users, name);
    const others = users.filter((one) => one !== known);
    rule(others);
    return others;
  });
}

/**
 * Changes an account. With another role, and when it is blocked, every sign-in of it ends.
 * @throws UsageError `unknown_user`, `station_role_fixed`, `groups_decide`; those of `updateUsers` and of the rule
 */
export async function changeUser(
  file: string,
  name: string,
  change: AccountChange,
  rule: AccountRule = noRule,
): Promise<void> {
  await updateUsers(file, (users) => {
    const known = knownUser(file, users, name);
    const {
      display_name = known.display_name,
      role = known.role,
      wards = known.wards ?? [],
      clips = known.clips,
      blocked = known.blocked,
    } = change;
    if ((role === 'station') !== (known.role === 'station')) throw stationRoleFixed();
    requireOwnFields(known, { display_name, role, wards });
    const changed: User = withoutUndefined({
      ...known,
      display_name,
      role,
      wards: wards.length === 0 ? undefined : [...wards],
      clips,
      blocked: blocked === true ? true : undefined,
      stamp: role === known.role && blocked === known.blocked ? known.stamp : newStamp(),
    });
    const next = users.map((one) => (one === known ? changed : one));
    rule(next);
    return next;
  });
}

/**
 * Gives a user another password: every sign-in with the last one ends. Returns the user as it is then.
 * @throws UsageError `unknown_user`, `password_too_short`, `no_password`
 */
export async function setPassword(file: string, name: string, password: string): Promise<User> {
  const hash = await hashedPassword(password);
  const users = await updateUsers(file, (before) => {
    const known = knownUser(file, before, name);
    if (known.role === 'station') throw noPassword();
    if (known.oidc !== undefined) throw providerPassword();
    return before.map((one) => (one === known ? { ...known, password: hash } : one));
  });
  return knownUser(file, users, name);
}

/** Ends every sign-in of an account. A station display can sign in again with its link: `writeStation` ends that, too. @throws UsageError `unknown_user` */
export async function endSessionsOf(file: string, name: string): Promise<void> {
  await updateUsers(file, (users) => {
    const known = knownUser(file, users, name);
    return users.map((one) => (one === known ? { ...known, stamp: newStamp() } : one));
  });
}

/** Judges the accounts as they would become, and throws where they may not. */
type AccountRule = (users: readonly User[]) => void;
const noRule: AccountRule = () => undefined;

async function putUser(file: string, user: User): Promise<void> {
  await updateUsers(file, (users) => [...users.filter((one) => one.name !== user.name), user]);
}

async function hashedPassword(password: string): Promise<string> {
  if (password.length >= leastPasswordLength) return hashPassword(password);
  const message = `The password must have at least ${leastPasswordLength} characters.`;
  throw new UsageError({ code: 'password_too_short', message });
}

function withNameFree(file: string, users: readonly User[], name: string): readonly User[] {
  if (!users.some((one) => one.name === name)) return users;
  const message = `The users file ${file} already has a user ${name}.`;
  throw new UsageError({ code: 'user_exists', message, remedy: 'Choose another name, or change that account.' });
}

/** Returns the user of a name. @throws UsageError `unknown_user` */
export function knownUser(file: string, users: readonly User[], name: string): User {
  const known = users.find((one) => one.name === name);
  if (known !== undefined) return known;
  const message = `The users file ${file} has no user ${name}.`;
  const remedy = `Its users are: ${users.map((one) => one.name).join(', ') || 'none'}.`;
  throw new UsageError({ code: 'unknown_user', message, remedy });
}

/** @throws UsageError `groups_decide` for a change of what the provider decides */
function requireOwnFields(
  { display_name, role, wards = [], oidc }: User,
  wanted: Required<Pick<AccountChange, 'display_name' | 'role' | 'wards'>>,
): void {
  if (oidc === undefined || isDeepStrictEqual({ display_name, role, wards }, wanted)) return;
  throw new UsageError({
    code: 'groups_decide',
    message: 'Name, role and wards of this account come from the provider and its groups.',
    remedy: 'Change the groups of the person at the provider, or block the account.',
  });
}

function providerPassword(): UsageError {
  const message = 'This account signs in with the provider and has no password.';
  return new UsageError({ code: 'no_password', message, remedy: 'For emergencies add a local account.' });
}

function stationRoleFixed(): UsageError {
  return new UsageError({
    code: 'station_role_fixed',
    message: 'A station display cannot become a person’s account, nor the other way round.',
    remedy: 'Add another account, and remove this one.',
  });
}

function noPassword(): UsageError {
  const message = 'A station display has no password.';
  return new UsageError({ code: 'no_password', message, remedy: 'Make it a new link instead.' });
}
