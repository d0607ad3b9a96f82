import { createHash, randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Clock } from '@vigilia/service';
import { may } from '../../shared/roles.ts';
import { hashPassword, hashToken, verifyPassword } from './password.ts';
import { readUsers, type User } from './users-file.ts';

/** A hash that takes as long to check as one of the file: names without a password cannot be distinguished from those with one. */
const decoy = hashPassword(randomBytes(32).toString('base64'));
const watchMs = 1000;

/** The users file, read again when it changes. */
export class Users {
  readonly file: string;
  readonly #listeners = new Set<() => void>();
  #users: ReadonlyMap<string, User> = new Map();
  #version = '';

  constructor(file: string) {
    this.file = file;
  }

  /** Reads the file where it has changed, also by another process. @throws UsageError `users_file_invalid` */
  async load(): Promise<void> {
    const version = await versionOf(this.file);
    if (version === this.#version) return;
    this.#users = new Map((await readUsers(this.file)).map((user) => [user.name, user]));
    this.#version = version;
    for (const listener of this.#listeners) {
      listener();
    }
  }

  /** Looks at the file every second, until the returned function is called. A file that is broken for the moment changes nothing. */
  watch(clock: Clock): () => void {
    const look = (): void => {
      void this.load().catch(() => undefined);
      timer = clock.setTimeout(look, watchMs);
    };
    let timer = clock.setTimeout(look, watchMs);
    return () => timer.cancel();
  }

  /** Calls the listener after each change of the file. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** As of the last look at the file, in its order. */
  all(): readonly User[] {
    return [...this.#users.values()];
  }

  /** As of the last look at the file. */
  find(name: string): User | undefined {
    return this.#users.get(name);
  }

  /** Returns what belongs to the password or token in force; undefined for a user who may not sign in. */
  credentialOf(name: string): string | undefined {
    const user = this.#users.get(name);
    return user === undefined || user.blocked === true ? undefined : credentialOf(user);
  }

  /** Returns the station display whose token this is; the file is read first where it has changed. */
  async signInStation(token: string): Promise<User | undefined> {
    await this.load();
    const wanted = hashToken(token);
    return this.all().find((user) => user.role === 'station' && user.token === wanted && user.blocked !== true);
  }

  /** The user whose password this is; the file is looked at first. */
  async signIn(name: string, password: string): Promise<User | undefined> {
    await this.load();
    const user = this.#users.get(name.trim().toLowerCase());
    const right = await verifyPassword(password, user?.password ?? (await decoy));
    // station displays have no password: their link is the only way in
    return right && user?.password !== undefined && user.blocked !== true ? user : undefined;
  }
}

/** Returns a short hash that changes with the password, the token or the stamp of a user, or the person at the provider. */
export function credentialOf({ password, token, oidc, stamp }: User): string {
  const secret = password ?? token ?? (oidc === undefined ? '' : `${oidc.issuer}\n${oidc.subject}`);
  return createHash('sha256')
    .update(stamp === undefined ? secret : `${secret}\n${stamp}`)
    .digest('base64')
    .slice(0, 22);
}

/** Returns whether a user may see clips of falls. A wall screen shows none, whatever the file states. */
export function maySeeClips({ role, clips = false }: User): boolean {
  return clips && may(role, 'picture');
}

async function versionOf(file: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return 'missing';
  }
}
