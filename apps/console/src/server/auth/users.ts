import { createHash, randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { readJsonFile, UsageError, writeFileAtomic } from '@vigilia/service';
import { z } from 'zod';
import { may, roles } from '../../shared/roles.ts';
import { hashPassword, verifyPassword } from './password.ts';

const userSchema = z.object({
  /** What is typed to sign in. */
  name: z.string().regex(/^[a-z0-9._-]{1,64}$/, 'must be 1 to 64 lower-case letters, digits, dots, hyphens'),
  /** What incidents show. */
  display_name: z.string().min(1).max(128),
  role: z.enum(roles),
  /** May see clips of falls, where the policy allows them. */
  clips: z.boolean().optional(),
  password: z.string().startsWith('scrypt$').optional(),
  /** Station displays sign in with a link instead of a password; only the hash of its token is kept. */
  token: z.string().startsWith('sha256$').optional(),
});
const fileSchema = z.object({ users: z.array(userSchema) });

export type User = z.infer<typeof userSchema>;

/** A hash that takes as long to check as one of the file: names without a password cannot be distinguished from those with one. */
const decoy = hashPassword(randomBytes(32).toString('base64'));

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

  /** Returns what belongs to the password or token in force; undefined for a user who may not sign in. */
  credentialOf(name: string): string | undefined {
    const user = this.#users.get(name);
    return user === undefined ? undefined : credentialOf(user);
  }

  /** Returns the station display whose token this is; the file is read first where it has changed. */
  async signInStation(token: string): Promise<User | undefined> {
    await this.load();
    const wanted = hashToken(token);
    return [...this.#users.values()].find((user) => user.role === 'station' && user.token === wanted);
  }

  /** The user whose password this is; the file is looked at first. */
  async signIn(name: string, password: string): Promise<User | undefined> {
    await this.load();
    const user = this.#users.get(name.trim().toLowerCase());
    const right = await verifyPassword(password, user?.password ?? (await decoy));
    // station displays have no password: their link is the only way in
    return right && user?.password !== undefined ? user : undefined;
  }
}

type NewUser = Pick<User, 'name' | 'display_name' | 'role' | 'clips'>;

/** Returns a short hash that changes with the password or token of a user. */
export function credentialOf({ password, token }: User): string {
  return createHash('sha256')
    .update(password ?? token ?? '')
    .digest('base64')
    .slice(0, 22);
}

/** Returns whether a user may see clips of falls. A wall screen shows none, whatever the file states. */
export function maySeeClips({ role, clips = false }: User): boolean {
  return clips && may(role, 'picture');
}

/** Adds or replaces one user of the file, which is made where it is missing (readable by its owner only). */
export async function writeUser(file: string, user: NewUser, password: string): Promise<void> {
  if (password.length < 8) {
    throw new UsageError({ code: 'password_too_short', message: 'The password must have at least 8 characters.' });
  }
  await putUser(file, { ...user, password: await hashPassword(password) });
}

/** Adds a station display, or gives one another token: sign-ins with the last one end. Returns the token, which is kept nowhere. */
export async function writeStation(file: string, station: Omit<NewUser, 'role'>): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await putUser(file, { ...station, role: 'station', token: hashToken(token) });
  return token;
}

/** Removes a user or a station display, who is signed out within seconds. @throws UsageError `unknown_user` */
export async function removeUser(file: string, name: string): Promise<void> {
  const users = await readUsers(file);
  const others = users.filter((one) => one.name !== name);
  if (others.length === users.length) {
    const message = `The users file ${file} has no user ${name}.`;
    const remedy = `Its users are: ${users.map((one) => one.name).join(', ') || 'none'}.`;
    throw new UsageError({ code: 'unknown_user', message, remedy });
  }
  await writeUsers(file, others);
}

async function putUser(file: string, user: User): Promise<void> {
  const others = (await readUsers(file, [])).filter((one) => one.name !== user.name);
  const checked = userSchema.safeParse(user);
  if (!checked.success) throw invalid(file, checked.error);
  await writeUsers(file, [...others, checked.data]);
}

async function writeUsers(file: string, users: readonly User[]): Promise<void> {
  await writeFileAtomic(file, `${JSON.stringify({ users }, null, 2)}\n`, 0o600);
}

/** A token has 256 random bits: unlike a password it needs no costly hash. */
function hashToken(token: string): string {
  return `sha256$${createHash('sha256').update(token).digest('base64')}`;
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
