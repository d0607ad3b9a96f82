import { mkdir, writeFile } from 'node:fs/promises';
import { type TempFolder, tempFolder } from '@vigilia/testing';
import { writeArchive } from './archive.ts';
import { openBackup } from './open-backup.ts';

const passphrase = 'five random words of a list';
const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const manifest = {
  format: 'vigilia-backup',
  format_version: 1,
  vigilia_version: '0.1.0',
  created_at: '2026-01-01T10:00:00.000Z',
  broker: false,
  folders: ['console'],
  files: [{ path: 'folders/console/users.json', bytes: 0, sha256: emptySha256 }],
};

describe('a backup is opened', () => {
  let temp: TempFolder;
  beforeEach(async () => {
    temp = await tempFolder('open-backup');
  });
  afterEach(() => temp.remove());

  async function open(change: object, files: Readonly<Record<string, string>>): Promise<string> {
    await mkdir(temp.file('content/folders/console'), { recursive: true });
    await writeFile(temp.file('content/manifest.json'), JSON.stringify({ ...manifest, ...change }));
    for (const [name, text] of Object.entries(files)) {
      await writeFile(temp.file(`content/folders/console/${name}`), text);
    }
    await writeArchive(temp.file('content'), temp.file('site.age'), passphrase);
    try {
      await using backup = await openBackup(temp.file('site.age'), passphrase);
      return backup.manifest.folders.join();
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    }
  }

  test('when it contains exactly the files of its manifest', async () => {
    expect(await open({}, { 'users.json': '' })).toBe('console');
  });

  test.each([
    ['a file has another content', {}, { 'users.json': '{}' }, 'backup_damaged'],
    ['a file is missing', {}, {}, 'backup_damaged'],
    ['there is one file more', {}, { 'users.json': '', 'other.json': '' }, 'backup_damaged'],
    [
      'a path leads out of it',
      { files: [{ path: '../users.json', bytes: 0, sha256: emptySha256 }] },
      { 'users.json': '' },
      'backup_damaged',
    ],
    ['a later version wrote it', { format_version: 2 }, { 'users.json': '' }, 'backup_too_new'],
  ])('and refused when %s', async (_, change, files, code) => {
    expect(await open(change, files)).toBe(code);
  });
});
