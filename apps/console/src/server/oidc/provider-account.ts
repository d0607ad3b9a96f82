import { createHash } from 'node:crypto';
import { withoutUndefined } from '@vigilia/protocol';
import { UsageError } from '@vigilia/service';
import { newStamp, type User, updateUsers, userNameSchema } from '../auth/users-file.ts';
import type { Grant } from './group-grants.ts';
import type { ProviderIdentity } from './provider.ts';

/**
 * Adds or updates the account of a person who signed in with the provider: name, role and wards follow the provider, the right to
 * clips stays. The account is found by issuer and subject, never by its name: a person of the provider cannot take over an account of
 * the same name. With another role every earlier sign-in ends.
 * @throws UsageError `account_blocked`; those of `updateUsers`
 */
export async function putProviderAccount(
  file: string,
  identity: ProviderIdentity,
  { role, wards }: Grant,
): Promise<User> {
  const { issuer, subject } = identity;
  const isOwn = ({ oidc }: User): boolean => oidc?.issuer === issuer && oidc.subject === subject;
  const users = await updateUsers(file, (before) => {
    const known = before.find(isOwn);
    if (known?.blocked === true) throw blocked(known.name);
    const name = known?.name ?? freeName(before, identity);
    const account: User = withoutUndefined({
      ...known,
      name,
      display_name: displayName(identity) ?? known?.display_name ?? name,
      role,
      wards: wards === undefined ? undefined : [...wards],
      oidc: { issuer, subject },
      stamp: known?.role === role ? known.stamp : newStamp(),
    });
    return known === undefined ? [...before, account] : before.map((one) => (one === known ? account : one));
  });
  const account = users.find(isOwn);
  if (account === undefined) throw new Error('the account was not written');
  return account;
}

/** Returns a user name that no account has: that of the provider, what is before its `@`, or one made of the subject. */
function freeName(users: readonly User[], { userName = '', issuer, subject }: ProviderIdentity): string {
  const wanted = (userName.split('@')[0] ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .slice(0, 56);
  const digest = createHash('sha256').update(`${issuer}\n${subject}`).digest('hex').slice(0, 16);
  const base = userNameSchema.safeParse(wanted).success ? wanted : `oidc-${digest}`;
  const taken = new Set(users.map(({ name }) => name));
  let name = base;
  for (let n = 2; taken.has(name); n++) {
    name = `${base}-${n}`;
  }
  return name;
}

function displayName({ displayName: name, userName }: ProviderIdentity): string | undefined {
  const shown = (name ?? userName ?? '').trim().slice(0, 128).trim();
  return shown === '' ? undefined : shown;
}

function blocked(name: string): UsageError {
  return new UsageError({ code: 'account_blocked', message: `The account ${name} is blocked.` });
}
