import { readFile, stat } from 'node:fs/promises';
import { FakeClock, tempFolder } from '@vigilia/testing';
import { may } from '../../shared/roles.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { Sessions } from './sessions.ts';
import { Users, writeUser } from './users.ts';

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
  it('end by time and by signing out', async () => {
    const clock = new FakeClock();
    const sessions = new Sessions({ clock, lifetimeMs: 1000 });
    const first = sessions.open('ana');
    const second = sessions.open('ben');
    expect(sessions.find(first.id)?.userName).toBe('ana');
    expect(first.session.csrfToken).not.toBe(second.session.csrfToken);
    sessions.close(second.id);
    expect(sessions.find(second.id)).toBeUndefined();
    await clock.advance(1001);
    expect(sessions.find(first.id)).toBeUndefined();
    expect(sessions.find('guess')).toBeUndefined();
  });
});

it('gives each role what it needs and no more', () => {
  const allowed = (['viewer', 'carer', 'technician'] as const).map((role) =>
    (['look', 'care', 'configure'] as const).filter((permission) => may(role, permission)),
  );
  expect(allowed).toEqual([['look'], ['look', 'care'], ['look', 'care', 'configure']]);
});
