import { jest } from '@jest/globals';
import { type TempFolder, tempFolder } from '@vigilia/testing';
import { listPasskeys } from './manage-users.ts';
import { writeUser } from './server/auth/account-changes.ts';
import { addPasskey } from './server/auth/passkey-changes.ts';

describe('vigilia console list-passkeys', () => {
  let folder: TempFolder;
  let file: string;
  const output: string[] = [];

  beforeEach(async () => {
    folder = await tempFolder('list-passkeys');
    file = folder.file('users.json');
    await writeUser(file, { name: 'ana', display_name: 'Ana', role: 'nurse' }, 'a long password');
    const known = { public_key: 'a2V5', counter: 3, added_at: '2026-01-01T10:00:00.000Z' };
    await addPasskey(file, 'ana', {
      ...known,
      id: 'cGhvbmU',
      name: 'Phone of Ana',
      used_at: '2026-01-02T10:00:00.000Z',
    });
    await addPasskey(file, 'ana', { ...known, id: 'dGFibGV0', name: 'Tablet' });
    output.length = 0;
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => output.push(String(text)) > 0);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await folder.remove();
  });

  const list = async (...more: string[]): Promise<string> => {
    await listPasskeys(['--users-file', file, ...more], {});
    return output.join('');
  };

  test('prints id, name, date and last use of each, one per line', async () => {
    expect(await list('--name', 'ana')).toBe(
      'cGhvbmU\tPhone of Ana\tadded 2026-01-01T10:00:00.000Z\tused 2026-01-02T10:00:00.000Z\n' +
        'dGFibGV0\tTablet\tadded 2026-01-01T10:00:00.000Z\tused never\n',
    );
  });

  test('prints JSON without the keys themselves', async () => {
    const printed = await list('--name', 'ana', '--json');
    expect(JSON.parse(printed)).toMatchObject([{ id: 'cGhvbmU', counter: 3 }, { id: 'dGFibGV0' }]);
    expect(printed).not.toContain('a2V5');
  });

  test('names the users of the file where the account is unknown', async () => {
    await expect(list('--name', 'eva')).rejects.toMatchObject({
      code: 'unknown_user',
      remedy: expect.stringContaining('ana'),
    });
  });
});
