import { withoutUndefined } from '@vigilia/protocol';
import { defineSettings, parseSettings, readJsonFile, setting, UsageError } from '@vigilia/service';
import { readPassword, roleSetting, usersFileTable } from './add-user.ts';
import { changeUser, endSessionsOf, knownUser, setPassword } from './server/auth/account-changes.ts';
import { removePasskey, removePasskeys } from './server/auth/passkey-changes.ts';
import { parseSessions } from './server/auth/session-file.ts';
import { type OpenSession, openSessions } from './server/auth/sessions.ts';
import { credentialOf } from './server/auth/users.ts';
import { readUsers, type User } from './server/auth/users-file.ts';
import { defaultSessionsFile } from './settings.ts';

const nameEntry = {
  flag: '--name <name>',
  schema: setting.text(),
  describe: 'What is typed to sign in, or the name of the display',
};
const jsonEntry = {
  flag: '--json',
  schema: setting.boolean(),
  default: false,
  describe: 'Print JSON',
};

const listSpec = defineSettings(
  'vigilia console list-users',
  'Lists the accounts of the page with their roles and wards.',
  {
    ...usersFileTable,
    json: jsonEntry,
  },
);

/** @throws UsageError `invalid_settings`, `users_file_invalid` */
export async function listUsers(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { usersFile, json } = parseSettings(listSpec, argv, env);
  const users = (await readUsers(usersFile)).map(userFacts);
  const lines = users.map(({ name, display_name, role, wards, clips, oidc, blocked }) => {
    const rights = [clips ? ['clips'] : [], oidc === undefined ? [] : [oidc.issuer], blocked ? ['blocked'] : []].flat();
    return [name, display_name, role, wards?.join(', ') ?? 'all wards', ...rights].join('\t');
  });
  print(json ? JSON.stringify(users, null, 2) : lines.join('\n'));
}

const setSpec = defineSettings(
  'vigilia console set-user',
  'Changes the name, the role, the wards or the rights of an account, or blocks it. With another role, or blocked, its sign-ins end.',
  {
    ...usersFileTable,
    name: nameEntry,
    displayName: { flag: '--display-name <name>', schema: setting.text().optional(), describe: 'What incidents show' },
    role: { flag: '--role <role>', schema: roleSetting().optional(), describe: 'As of "add-user"' },
    wards: {
      flag: '--wards <names>',
      schema: setting.textList().optional(),
      describe: 'Only the rooms of these wards, and those without a ward: "Ward 1,Ward 2"; "" for all rooms',
    },
    clips: {
      flag: '--clips <true|false>',
      schema: setting.boolean().optional(),
      describe: 'Whether the account may see clips of falls, where the policy allows them',
    },
    blocked: {
      flag: '--blocked <true|false>',
      schema: setting.boolean().optional(),
      describe: 'Whether the account is kept from signing in, also through OIDC',
    },
  },
);

/** @throws UsageError `invalid_settings`, `unknown_user`, `station_role_fixed`, `groups_decide`, `users_file_invalid`, `file_busy` */
export async function setUser(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { usersFile, name, displayName, role, wards, clips, blocked } = parseSettings(setSpec, argv, env);
  await changeUser(usersFile, name, { display_name: displayName, role, wards, clips, blocked });
  print(`${name} is changed.`);
}

const passwordSpec = defineSettings(
  'vigilia console set-password',
  'Gives a user another password, which is the first line of standard input. Sign-ins with the last one end.',
  { ...usersFileTable, name: nameEntry },
);

/** @throws UsageError `invalid_settings`, `unknown_user`, `password_too_short`, `no_password`, `users_file_invalid`, `file_busy` */
export async function setPasswordOf(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  input: NodeJS.ReadableStream,
): Promise<void> {
  const { usersFile, name } = parseSettings(passwordSpec, argv, env);
  await setPassword(usersFile, name, await readPassword(input));
  print(`${name} has another password.`);
}

const listPasskeysSpec = defineSettings(
  'vigilia console list-passkeys',
  'Lists the passkeys of an account: id, name, when it was added and last used.',
  { ...usersFileTable, name: nameEntry, json: jsonEntry },
);

/** @throws UsageError `invalid_settings`, `unknown_user`, `users_file_invalid` */
export async function listPasskeys(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { usersFile, name, json } = parseSettings(listPasskeysSpec, argv, env);
  const { passkeys = [] } = knownUser(usersFile, await readUsers(usersFile), name);
  const shown = passkeys.map(({ public_key: _, ...passkey }) => passkey);
  const lines = shown.map(({ id, name: label, added_at, used_at }) =>
    [id, label, `added ${added_at}`, `used ${used_at ?? 'never'}`].join('\t'),
  );
  print(json ? JSON.stringify(shown, null, 2) : lines.join('\n'));
}

const removePasskeysSpec = defineSettings(
  'vigilia console remove-passkeys',
  'Removes one passkey of an account, or all of them, and ends its sign-ins within seconds.',
  {
    ...usersFileTable,
    name: nameEntry,
    id: { flag: '--id <id>', schema: setting.text().optional(), describe: 'As of "list-passkeys"; without it all' },
  },
);

/** @throws UsageError `invalid_settings`, `unknown_user`, `unknown_passkey`, `users_file_invalid`, `file_busy` */
export async function dropPasskeys(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { usersFile, name, id } = parseSettings(removePasskeysSpec, argv, env);
  if (id === undefined) {
    await removePasskeys(usersFile, name);
  } else {
    await removePasskey(usersFile, name, id);
    await endSessionsOf(usersFile, name);
  }
  print(`${id === undefined ? 'All passkeys' : 'The passkey'} of ${name} removed; every sign-in ends.`);
}

const sessionsSpec = defineSettings('vigilia console list-sessions', 'Lists the sign-ins that are in force.', {
  ...usersFileTable,
  sessionsFile: {
    flag: '--sessions-file <file>',
    env: 'CONSOLE_SESSIONS_FILE',
    schema: setting.text().optional(),
    describe: 'Where the console keeps sign-ins; sessions.json beside the users file by default',
  },
  json: jsonEntry,
});

/** @throws UsageError `invalid_settings`, `users_file_invalid`, `sessions_file_invalid` */
export async function listSessions(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { usersFile, sessionsFile = defaultSessionsFile(usersFile), json } = parseSettings(sessionsSpec, argv, env);
  const users = (await readUsers(usersFile)).filter(({ blocked }) => blocked !== true);
  const credentials = new Map(users.map((user) => [user.name, credentialOf(user)]));
  const stored = await readJsonFile(sessionsFile).then(
    (content) => (content === undefined ? [] : parseSessions(content)),
    () => undefined,
  );
  if (stored === undefined) throw unreadable(sessionsFile);
  const sessions = openSessions(stored, (name) => credentials.get(name), Date.now()).map(sessionFacts);
  const lines = sessions.map(({ user, device, opened_at, ends_at }) =>
    [
      user,
      device ?? '-',
      `since ${opened_at ?? '-'}`,
      ends_at === undefined ? 'does not end' : `until ${ends_at}`,
    ].join('\t'),
  );
  print(json ? JSON.stringify(sessions, null, 2) : lines.join('\n'));
}

const endSpec = defineSettings(
  'vigilia console end-sessions',
  'Ends every sign-in of an account within seconds. The link of a station display goes on working; "add-user" makes another one.',
  { ...usersFileTable, name: nameEntry },
);

/** @throws UsageError `invalid_settings`, `unknown_user`, `users_file_invalid`, `file_busy` */
export async function endSessions(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { usersFile, name } = parseSettings(endSpec, argv, env);
  await endSessionsOf(usersFile, name);
  print(`Every sign-in of ${name} ends.`);
}

/** An account as it is printed: without its secrets. */
type UserFacts = Pick<User, 'name' | 'display_name' | 'role' | 'wards' | 'clips' | 'oidc' | 'blocked'>;

/** A sign-in as it is printed; times ISO 8601. */
interface SessionFacts {
  readonly user: string;
  readonly device?: string;
  readonly opened_at?: string;
  readonly ends_at?: string;
}

function userFacts({ name, display_name, role, wards, clips = false, oidc, blocked = false }: User): UserFacts {
  return withoutUndefined({ name, display_name, role, wards, clips, oidc, blocked });
}

function sessionFacts({ user, device, openedAtMs, endsAtMs }: OpenSession): SessionFacts {
  return withoutUndefined({ user, device, opened_at: isoTime(openedAtMs), ends_at: isoTime(endsAtMs) });
}

function isoTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

function unreadable(path: string): UsageError {
  return new UsageError({
    code: 'sessions_file_invalid',
    message: `The sessions file ${path} cannot be read.`,
    remedy: 'Give the file of the console with --sessions-file.',
  });
}

function print(text: string): void {
  process.stdout.write(text === '' ? '' : `${text}\n`);
}
