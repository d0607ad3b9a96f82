import { createHash, randomBytes } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { captureLogger, FakeClock, silentLogger, tempFolder } from '@vigilia/testing';
import { may, roles } from '../../shared/roles.ts';
import { changeUser, removeUser, writeStation, writeUser } from './account-changes.ts';
import { hashPassword, hashToken, verifyPassword } from './password.ts';
import { SessionFile } from './session-file.ts';
import { Sessions } from './sessions.ts';
import { Users } from './users.ts';

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
    await writeUser(file, { name: 'ana', display_name: 'Ana Ruiz', role: 'nurse' }, 'correct horse');
    const users = new Users(file);
    await users.load();
    expect((await stat(file)).mode & 0o077).toBe(0);
    expect(await readFile(file, 'utf8')).not.toContain('correct horse');
    expect(await users.signIn('Ana', 'correct horse')).toMatchObject({ display_name: 'Ana Ruiz', role: 'nurse' });
    expect(await users.signIn('ana', 'wrong')).toBeUndefined();
    expect(await users.signIn('eve', 'correct horse')).toBeUndefined();
    await writeUser(file, { name: 'ana', display_name: 'Ana Ruiz', role: 'viewer' }, 'another one');
    expect(await users.signIn('ana', 'correct horse')).toBeUndefined();
    expect((await users.signIn('ana', 'another one'))?.role).toBe('viewer');
  });

  it('of a version before wards works as it is: its carers are nurses, and sign-ins of that time go on', async () => {
    await using folder = await tempFolder('users');
    const ana = { name: 'ana', display_name: 'Ana Ruiz', role: 'carer', password: await hashPassword('correct horse') };
    const tom = { name: 'tom', display_name: 'Tom Tech', role: 'technician', clips: true, password: ana.password };
    const ward = { name: 'ward-2', display_name: 'Ward 2', role: 'station', token: hashToken('token') };
    await writeFile(folder.file('users.json'), JSON.stringify({ users: [ana, tom, ward] }));
    const credential = createHash('sha256').update(ana.password).digest('base64').slice(0, 22);
    const id = randomBytes(32).toString('base64url');
    const id_hash = createHash('sha256').update(id).digest('base64');
    await writeFile(folder.file('sessions.json'), JSON.stringify({ sessions: [{ id_hash, user: 'ana', credential }] }));
    const users = new Users(folder.file('users.json'));
    expect(await users.signIn('ana', 'correct horse')).toMatchObject({ role: 'nurse' });
    expect(await users.signIn('tom', 'correct horse')).toMatchObject({ role: 'technician', clips: true });
    expect(await users.signInStation('token')).toMatchObject({ role: 'station' });
    expect(users.find('ana')?.wards).toBeUndefined();
    const file = new SessionFile(folder.file('sessions.json'), silentLogger());
    const sessions = new Sessions({ clock: new FakeClock(), lifetimeMs: 1000, file });
    await sessions.start();
    expect(sessions.find(id, (name) => users.credentialOf(name))?.userName).toBe('ana');
    await changeUser(folder.file('users.json'), 'tom', { wards: ['Ward 2'] });
    await users.load();
    expect(sessions.find(id, (name) => users.credentialOf(name))?.userName).toBe('ana');
    expect(await users.signIn('tom', 'correct horse')).toMatchObject({ wards: ['Ward 2'] });
  });

  it('is refused with a sentence when it is missing, or a password is too short', async () => {
    await using folder = await tempFolder('users');
    const file = folder.file('users.json');
    await expect(new Users(file).load()).rejects.toMatchObject({ code: 'users_file_invalid' });
    const user = { name: 'ana', display_name: 'Ana', role: 'nurse' as const };
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
  const permissions = ['look', 'picture', 'report', 'care', 'operate', 'configure', 'accounts'] as const;
  const counts = roles.map((role) => [role, permissions.filter((permission) => may(role, permission)).length]);
  expect(counts).toEqual([
    ['station', 1],
    ['viewer', 3],
    ['nurse', 4],
    ['operator', 5],
    ['technician', 6],
    ['administrator', 7],
  ]);
});
