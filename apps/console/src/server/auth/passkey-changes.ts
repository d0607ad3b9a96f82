import { UsageError } from '@vigilia/service';
import { knownUser } from './account-changes.ts';
import { newStamp, type Passkey, type User, updateUsers } from './users-file.ts';

const maxPasskeys = 10;

/** Adds a passkey to an account. @throws UsageError `too_many_passkeys`, `no_passkeys`, `unknown_user`; those of `updateUsers` */
export async function addPasskey(file: string, name: string, passkey: Passkey): Promise<void> {
  await changePasskeys(file, name, (user) => {
    if (!mayHavePasskeys(user)) throw noPasskeys();
    const { passkeys = [] } = user;
    if (passkeys.length >= maxPasskeys) throw tooMany();
    return { ...user, passkeys: [...passkeys, passkey] };
  });
}

/**
 * Records that a passkey was used. A counter that does not rise shows a copy of the passkey (WebAuthn Level 3, section 6.1.1); it is
 * compared here as well, because two uses may arrive at once.
 * @throws UsageError `wrong_passkey`, `unknown_user`; those of `updateUsers`
 */
export async function recordPasskeyUse(
  file: string,
  name: string,
  use: Pick<Passkey, 'id' | 'counter' | 'used_at'>,
): Promise<void> {
  await changePasskeys(file, name, (user) => {
    const known = user.passkeys?.find(({ id }) => id === use.id);
    const rises = known !== undefined && (use.counter > known.counter || (use.counter === 0 && known.counter === 0));
    if (!rises) throw new UsageError({ code: 'wrong_passkey', message: 'The passkey was removed or used meanwhile.' });
    return { ...user, passkeys: user.passkeys?.map((one) => (one.id === use.id ? { ...one, ...use } : one)) };
  });
}

/** Removes a passkey of an account; the sign-ins stay. @throws UsageError `unknown_passkey`, `unknown_user`; those of `updateUsers` */
export async function removePasskey(file: string, name: string, id: string): Promise<void> {
  await changePasskeys(file, name, (user) => {
    const left = user.passkeys?.filter((one) => one.id !== id) ?? [];
    if (left.length === (user.passkeys?.length ?? 0)) throw unknownPasskey(user);
    return { ...user, passkeys: left };
  });
}

/** Removes all passkeys of an account and ends its sign-ins: a device was lost. @throws UsageError `unknown_user`; those of `updateUsers` */
export async function removePasskeys(file: string, name: string): Promise<void> {
  await changePasskeys(file, name, (user) => ({ ...user, passkeys: undefined, stamp: newStamp() }));
}

/** Only people with a password: a wall screen has its link, and groups of a provider decide about its people at each sign-in. */
export function mayHavePasskeys({ password }: User): boolean {
  return password !== undefined;
}

async function changePasskeys(file: string, name: string, change: (user: User) => User): Promise<void> {
  await updateUsers(file, (users) => {
    const known = knownUser(file, users, name);
    return users.map((one) => (one === known ? change(one) : one));
  });
}

function unknownPasskey({ name, passkeys = [] }: User): UsageError {
  const remedy = `Its passkeys are: ${passkeys.map(({ id }) => id).join(', ') || 'none'}.`;
  return new UsageError({ code: 'unknown_passkey', message: `${name} has no such passkey.`, remedy });
}

function tooMany(): UsageError {
  const message = `An account may have at most ${maxPasskeys} passkeys.`;
  return new UsageError({ code: 'too_many_passkeys', message, remedy: 'Remove one first.' });
}

function noPasskeys(): UsageError {
  const message = 'Only local accounts with a password have passkeys.';
  return new UsageError({ code: 'no_passkeys', message, remedy: 'Sign in with the provider, or with the link.' });
}
