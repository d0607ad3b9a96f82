import { createInterface } from 'node:readline';
import { withoutUndefined } from '@vigilia/protocol';
import { defineSettings, parseSettings, setting, UsageError } from '@vigilia/service';
import { type NewUser, removeUser, writeStation, writeUser } from './server/auth/account-changes.ts';
import { type Role, roles } from './shared/roles.ts';

export const usersFileTable = {
  usersFile: {
    flag: '--users-file <file>',
    env: 'CONSOLE_USERS_FILE',
    schema: setting.text(),
    describe: 'The users file; "add-user" makes it where it is missing',
  },
};

/** `carer` is what nurses were called before: scripts that give it go on working. */
export const roleSetting = () =>
  setting.oneOf(...roles, 'carer').transform((role): Role => (role === 'carer' ? 'nurse' : role));

const addUserSpec = defineSettings(
  'vigilia console add-user',
  'Adds a user of the page, or gives one another role or password. The password is the first line of standard input; a station display gets a link instead.',
  {
    ...usersFileTable,
    name: { flag: '--name <name>', schema: setting.text(), describe: 'What is typed to sign in: ana' },
    displayName: {
      flag: '--display-name <name>',
      schema: setting.text().optional(),
      describe: 'What incidents show: Ana Ruiz',
    },
    role: {
      flag: '--role <role>',
      schema: roleSetting(),
      default: 'nurse' as Role,
      describe:
        'station (a wall screen), viewer (looks), nurse (acknowledges and resolves), operator (also drills), technician (also configures) or administrator (also manages people)',
    },
    wards: {
      flag: '--wards <names>',
      schema: setting.textList(),
      default: [] as string[],
      describe: 'Only the rooms of these wards, and those without a ward: "Ward 1,Ward 2"; without it all rooms',
    },
    clips: {
      flag: '--clips',
      schema: setting.boolean(),
      default: false,
      describe: 'Give the right to see clips of falls, where the policy allows them; without it the right is taken',
    },
    pageUrl: {
      flag: '--page-url <url>',
      env: 'CONSOLE_PAGE_URL',
      schema: setting.text(),
      default: 'http://127.0.0.1:8080/',
      describe: 'Address of the page, for the link of a station display',
    },
  },
);

/** @throws UsageError `invalid_settings`, `password_too_short`, `users_file_invalid` */
export async function addUser(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  input: NodeJS.ReadableStream,
): Promise<void> {
  const {
    usersFile,
    name,
    displayName = name,
    role,
    wards: wardList,
    clips,
    pageUrl,
  } = parseSettings(addUserSpec, argv, env);
  const wards = wardList.length === 0 ? undefined : wardList;
  if (role === 'station') return addStation({ usersFile, name, displayName, wards, pageUrl });
  const user: NewUser = withoutUndefined({ name, display_name: displayName, role, wards, clips });
  await writeUser(usersFile, user, await readPassword(input));
  const where = wards === undefined ? '' : ` for ${wards.join(', ')}`;
  process.stdout.write(`${name} may sign in as ${role}${where}${clips ? ' and see clips' : ''}.\n`);
}

interface NewStation {
  readonly usersFile: string;
  readonly name: string;
  readonly displayName: string;
  readonly wards: string[] | undefined;
  readonly pageUrl: string;
}

async function addStation({ usersFile, name, displayName, wards, pageUrl }: NewStation): Promise<void> {
  const station: Omit<NewUser, 'role'> = withoutUndefined({ name, display_name: displayName, wards });
  const token = await writeStation(usersFile, station);
  process.stdout.write(`${name} signs in once with this link, which is shown only now. Open it on the display:\n`);
  process.stdout.write(`${pageUrl.replace(/\/*$/, '/')}#/station/${token}\n`);
}

const removeUserSpec = defineSettings(
  'vigilia console remove-user',
  'Removes a user or a station display of the page, who is signed out within seconds. A person of an OpenID Connect provider comes back with the next sign-in: block the account with "set-user --blocked true" instead.',
  {
    ...usersFileTable,
    name: {
      flag: '--name <name>',
      schema: setting.text(),
      describe: 'What is typed to sign in, or the name of the display',
    },
  },
);

/** @throws UsageError `invalid_settings`, `unknown_user`, `users_file_invalid` */
export async function dropUser(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { usersFile, name } = parseSettings(removeUserSpec, argv, env);
  await removeUser(usersFile, name);
  process.stdout.write(`${name} is removed and will be signed out.\n`);
}

/** Returns the first line of the input. @throws UsageError `password_missing` */
export async function readPassword(input: NodeJS.ReadableStream): Promise<string> {
  if ((input as { isTTY?: boolean }).isTTY === true) {
    process.stderr.write('Password (it is shown): ');
  }
  return firstLine(input);
}

async function firstLine(input: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input })) return line;
  throw new UsageError({ code: 'password_missing', message: 'There was no password on standard input.' });
}
