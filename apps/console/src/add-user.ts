import { createInterface } from 'node:readline';
import { defineSettings, parseSettings, setting, UsageError } from '@vigilia/service';
import { removeUser, writeStation, writeUser } from './server/auth/users.ts';
import { roles } from './shared/roles.ts';

const addUserSpec = defineSettings(
  'vigilia console add-user',
  'Adds a user of the page, or gives one another role or password. The password is the first line of standard input; a station display gets a link instead.',
  {
    usersFile: {
      flag: '--users-file <file>',
      env: 'CONSOLE_USERS_FILE',
      schema: setting.text(),
      describe: 'The users file; made where it is missing',
    },
    name: { flag: '--name <name>', schema: setting.text(), describe: 'What is typed to sign in: ana' },
    displayName: {
      flag: '--display-name <name>',
      schema: setting.text().optional(),
      describe: 'What incidents show: Ana Ruiz',
    },
    role: {
      flag: '--role <role>',
      schema: setting.oneOf(...roles),
      default: 'carer',
      describe: 'station (a wall screen), viewer (looks), carer (acknowledges and resolves) or technician (everything)',
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
  const { usersFile, name, displayName = name, role, clips, pageUrl } = parseSettings(addUserSpec, argv, env);
  if (role === 'station') return addStation({ usersFile, name, displayName, pageUrl });
  if ((input as { isTTY?: boolean }).isTTY === true) {
    process.stderr.write('Password (it is shown): ');
  }
  const password = await firstLine(input);
  await writeUser(usersFile, { name, display_name: displayName, role, clips }, password);
  process.stdout.write(`${name} may sign in as ${role}${clips ? ' and see clips' : ''}.\n`);
}

interface NewStation {
  readonly usersFile: string;
  readonly name: string;
  readonly displayName: string;
  readonly pageUrl: string;
}

async function addStation({ usersFile, name, displayName, pageUrl }: NewStation): Promise<void> {
  const token = await writeStation(usersFile, { name, display_name: displayName });
  process.stdout.write(`${name} signs in once with this link, which is shown only now. Open it on the display:\n`);
  process.stdout.write(`${pageUrl.replace(/\/*$/, '/')}#/station/${token}\n`);
}

const removeUserSpec = defineSettings(
  'vigilia console remove-user',
  'Removes a user or a station display of the page, who is signed out within seconds.',
  {
    usersFile: {
      flag: '--users-file <file>',
      env: 'CONSOLE_USERS_FILE',
      schema: setting.text(),
      describe: 'The users file',
    },
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

async function firstLine(input: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input })) return line;
  throw new UsageError({ code: 'password_missing', message: 'There was no password on standard input.' });
}
