import { stat } from 'node:fs/promises';
import { readJsonFile, UsageError, writeFileAtomic } from '@vigilia/service';
import { z } from 'zod';
import { roles } from '../../shared/roles.ts';
import { hashPassword, verifyPassword } from './password.ts';

const userSchema = z.object({
  /** What is typed to sign in. */
  name: z.string().regex(/^[a-z0-9._-]{1,64}$/, 'must be 1 to 64 lower-case letters, digits, dots, hyphens'),
  /** What incidents show. */
  display_name: z.string().min(1).max(128),
  role: z.enum(roles),
  password: z.string().startsWith('scrypt$'),
});
const fileSchema = z.object({ users: z.array(userSchema) });

export type User = z.infer<typeof userSchema>;

/** A password that belongs to nobody: unknown names take as long as known ones. */
const nobody = hashPassword('nobody');

/** The users file, read again when it changes. */
export class Users {
  readonly #file: string;
  #users: ReadonlyMap<string, User> = new Map();
  #version = '';

  constructor(file: string) {
    this.#file = file;
  }

  /** @throws UsageError `users_file_invalid` */
  async load(): Promise<void> {
    const version = await versionOf(this.#file);
    if (version === this.#version) return;
    this.#users = new Map((await readUsers(this.#file)).map((user) => [user.name, user]));
    this.#version = version;
  }

  /** As of the last look at the file. */
  find(name: string): User | undefined {
    return this.#users.get(name);
  }

  /** The user whose password this is; the file is looked at first. */
  async signIn(name: string, password: string): Promise<User | undefined> {
    await this.load();
    const user = this.#users.get(name.trim().toLowerCase());
    const right = await verifyPassword(password, user?.password ?? (await nobody));
    return right ? user : undefined;
  }
}

/** Adds or replaces one user of the file, which is made where it is missing (readable by its owner only). */
export async function writeUser(file: string, user: Omit<User, 'password'>, password: string): Promise<void> {
  if (password.length < 8) {
    throw new UsageError({ code: 'password_too_short', message: 'The password must have at least 8 characters.' });
  }
  const others = (await readUsers(file, [])).filter((one) => one.name !== user.name);
  const checked = userSchema.safeParse({ ...user, password: await hashPassword(password) });
  if (!checked.success) throw invalid(file, checked.error);
  await writeFileAtomic(file, `${JSON.stringify({ users: [...others, checked.data] }, null, 2)}\n`, 0o600);
}

async function readUsers(file: string, missing?: User[]): Promise<User[]> {
  let content: unknown;
  try {
    content = await readJsonFile(file);
  } catch (cause) {
    const message = `The users file ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`;
    throw new UsageError({ code: 'users_file_invalid', message, cause });
  }
  if (content === undefined && missing !== undefined) return missing;
  const checked = fileSchema.safeParse(content);
  if (!checked.success) throw invalid(file, checked.error);
  return checked.data.users;
}

function invalid(file: string, error: z.ZodError): UsageError {
  const issue = error.issues[0];
  const message = `The users file ${file} is not valid: ${issue?.path.join('.') || 'the file'}: ${issue?.message}.`;
  return new UsageError({ code: 'users_file_invalid', message, remedy: 'See "vigilia console add-user --help".' });
}

async function versionOf(file: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return 'missing';
  }
}
