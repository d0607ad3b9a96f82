import { createInterface } from 'node:readline';
import { defineSettings, parseSettings, setting, UsageError } from '@vigilia/service';
import { writeUser } from './server/auth/users.ts';
import { roles } from './shared/roles.ts';

const addUserSpec = defineSettings(
  'vigilia console add-user',
  'Adds a user of the page, or gives one another role or password. The password is the first line of standard input.',
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
      describe: 'viewer (looks), carer (acknowledges and resolves) or technician (commands, drills, zones)',
    },
  },
);

/** @throws UsageError `invalid_settings`, `password_too_short`, `users_file_invalid` */
export async function addUser(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  input: NodeJS.ReadableStream,
): Promise<void> {
  const { usersFile, name, displayName, role } = parseSettings(addUserSpec, argv, env);
  if ((input as { isTTY?: boolean }).isTTY === true) process.stderr.write('Password (it is shown): ');
  const password = await firstLine(input);
  await writeUser(usersFile, { name, display_name: displayName ?? name, role }, password);
  process.stdout.write(`${name} may sign in as ${role}.\n`);
}

async function firstLine(input: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input })) return line;
  throw new UsageError({ code: 'password_missing', message: 'There was no password on standard input.' });
}
