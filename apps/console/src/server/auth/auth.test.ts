import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { captureLogger, FakeClock, silentLogger, tempFolder } from '@vigilia/testing';
import { may } from '../../shared/roles.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { SessionFile } from './session-file.ts';
import { Sessions } from './sessions.ts';
import { removeUser, Users, writeStation, writeUser } from './users.ts';

describe('passwords', () => {
  it('fit only themselves, and two hashes of one password differ', async () => {
    const [one, two] = [await hashPassword('correct horse'), await hashPassword('correct horse')];
    expect(one).not.toBe(two);
    expect(await verifyPassword('correct horse', one)).toBe(true);
    expect(await verifyPassword('correct hors', one)).toBe(false);
  });

  it.each(['', 'plain', 'scrypt$1073741824$8$1$AAAA$AAAA', 'scrypt$0$8$1$AAAA$AAAA'])(
    'never fit a broken or a costly hash: %s',
    async (kept) => {
      expect(await verifyPassword('anything', kept)).toBe(false);
    },
  );
});

describe('the users file', () => {
  it('is readable by its owner only, holds no password, and is read again when it changes', async () => {
    await using folder = await tempFolder('users');
    const file = folder.file('users.json');
    await writeUser(file, { name: 'ana', display_name: 'Ana Ruiz', role: 'carer' }, 'correct horse');
    const users = new Users(file);
    await users.load();
    expect((await stat(file)).mode & 0o077).toBe(0);
    expect(await readFile(file, 'utf8')).not.toContain('correct horse');
    expect(await users.signIn('Ana', 'correct horse')).toMatchObject({ display_name: 'Ana Ruiz', role: 'carer' });
    expect(await users.signIn('ana', 'wrong')).toBeUndefined();
    expect(await users.signIn('eve', 'correct horse')).toBeUndefined();
    await writeUser(file, { name: 'ana', display_name: 'Ana Ruiz', role: 'viewer' }, 'another one');
    expect(await users.signIn('ana', 'correct horse')).toBeUndefined();
    expect((await users.signIn('ana', 'another one'))?.role).toBe('viewer');
  });

  it('is refused with a sentence when it is missing, or a password is too short', async () => {
    await using folder = await tempFolder('users');
    const file = folder.file('users.json');
    await expect(new Users(file).load()).rejects.toMatchObject({ code: 'users_file_invalid' });
    const user = { name: 'ana', display_name: 'Ana', role: 'carer' as const };
    await expect(writeUser(file, user, 'short')).rejects.toMatchObject({ code: 'password_too_short' });
  });
});

describe('sessions', () => {
  const ana = { userName: 'ana', credential: 'one', ends: true };
  const inForce = (): string => 'one';

  it('end by time and by signing out', async () => {
    const clock = new FakeClock();
    const sessions = new Sessions({ clock, lifetimeMs: 1000, file: undefined });
    const first = await sessions.open(ana);
    const second = await sessions.open({ userName: 'ben', credential: 'one', ends: true });
    expect(sessions.find(first.id, inForce)?.userName).toBe('ana');
    expect(first.session.csrfToken).not.toBe(second.session.csrfToken);
    await sessions.close(second.id);
    expect(sessions.find(second.id, inForce)).toBeUndefined();
    await clock.advance(1001);
    expect(sessions.find(first.id, inForce)).toBeUndefined();
    expect(sessions.find('guess', inForce)).toBeUndefined();
  });

  it('end when the password changes or the user is removed', async () => {
    const sessions = new Sessions({ clock: new FakeClock(), lifetimeMs: 1000, file: undefined });
    const { id } = await sessions.open(ana);
    expect(sessions.find(id, () => 'another')).toBeUndefined();
    expect(sessions.find(id, () => undefined)).toBeUndefined();
  });

  it('outlast a restart with the same token, and the file cannot be used to sign in', async () => {
    await using folder = await tempFolder('sessions');
    const path = folder.file('sessions.json');
    const clock = new FakeClock();
    const start = async (): Promise<Sessions> => {
      const sessions = new Sessions({ clock, lifetimeMs: 1000, file: new SessionFile(path, silentLogger()) });
      await sessions.start();
      return sessions;
    };
    const before = await start();
    const person = await before.open(ana);
    const station = await before.open({ userName: 'ward', credential: 'one', ends: false });
    const after = await start();
    expect(after.find(person.id, inForce)).toEqual(person.session);
    const text = await readFile(path, 'utf8');
    expect(text).not.toContain(person.id);
    expect(text).not.toContain(person.session.csrfToken);
    expect((await stat(path)).mode & 0o077).toBe(0);
    await clock.advance(400 * 86_400_000);
    const later = await start();
    expect(later.find(person.id, inForce)).toBeUndefined();
    expect(later.find(station.id, inForce)?.userName).toBe('ward');
  });

  it.each(['', '{', '[]', '{"sessions":[{"id_hash":1}]}'])('start empty when the file holds %j', async (content) => {
    await using folder = await tempFolder('sessions');
    await writeFile(folder.file('sessions.json'), content);
    const file = new SessionFile(folder.file('sessions.json'), silentLogger());
    const sessions = new Sessions({ clock: new FakeClock(), lifetimeMs: 1000, file });
    await sessions.start();
    const { id } = await sessions.open(ana);
    expect(sessions.find(id, inForce)).toBeDefined();
  });

  it('work, with one warning, where the file cannot be written', async () => {
    const { logger, lines } = captureLogger();
    const file = new SessionFile(join(import.meta.filename, 'sessions.json'), logger);
    const sessions = new Sessions({ clock: new FakeClock(), lifetimeMs: 1000, file });
    const { id } = await sessions.open(ana);
    await sessions.open(ana);
    expect(sessions.find(id, inForce)).toBeDefined();
    expect(lines.filter(({ event }) => event === 'sessions_not_kept')).toHaveLength(1);
  });

  it('of one account never end those of another', async () => {
    const sessions = new Sessions({ clock: new FakeClock(), lifetimeMs: 1000, file: undefined });
    const { id } = await sessions.open({ userName: 'ward', credential: 'one', ends: false });
    for (let n = 0; n < 300; n++) {
      await sessions.open(ana);
    }
    expect(sessions.find(id, inForce)).toBeDefined();
  });
});

describe('station displays', () => {
  it('sign in with a token that the users file does not hold; a new one, or their removal, ends it', async () => {
    await using folder = await tempFolder('users');
    const path = folder.file('users.json');
    const first = await writeStation(path, { name: 'ward-2', display_name: 'Ward 2' });
    const users = new Users(path);
    expect(await users.signInStation(first)).toMatchObject({ name: 'ward-2', role: 'station' });
    expect(await readFile(path, 'utf8')).not.toContain(first);
    for (const password of [first, '', 'unknown']) {
      expect(await users.signIn('ward-2', password)).toBeUndefined();
    }
    expect(await users.signInStation('')).toBeUndefined();
    const credential = users.credentialOf('ward-2');
    const second = await writeStation(path, { name: 'ward-2', display_name: 'Ward 2' });
    expect(await users.signInStation(first)).toBeUndefined();
    expect(await users.signInStation(second)).toBeDefined();
    expect(users.credentialOf('ward-2')).not.toBe(credential);
    await removeUser(path, 'ward-2');
    expect(await users.signInStation(second)).toBeUndefined();
    await expect(removeUser(path, 'ward-2')).rejects.toMatchObject({ code: 'unknown_user' });
  });
});

it('gives each role what it needs and no more', () => {
  const allowed = (['station', 'viewer', 'carer', 'technician'] as const).map((role) =>
    (['look', 'picture', 'care', 'configure'] as const).filter((permission) => may(role, permission)),
  );
  expect(allowed).toEqual([
    ['look'],
    ['look', 'picture'],
    ['look', 'picture', 'care'],
    ['look', 'picture', 'care', 'configure'],
  ]);
});
