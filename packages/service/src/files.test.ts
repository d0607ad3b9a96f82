import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@vigilia/testing';
import { CorruptFileError, readJsonFile, removeAbandonedWrites, writeFileAtomic } from './files.ts';

test('replaces a file whole and leaves nothing beside it; missing folders are made', async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, 'a', 'state.json');
  await writeFileAtomic(path, '{"n":1}');
  await writeFileAtomic(path, '{"n":2}');
  expect(await readJsonFile(path)).toEqual({ n: 2 });
  expect(await readdir(join(folder.path, 'a'))).toEqual(['state.json']);
});

test('many writers at once: one of their contents, never a mixture', async () => {
  await using folder = await tempFolder();
  const path = folder.file('state.json');
  await Promise.all(
    Array.from({ length: 20 }, (_, n) => writeFileAtomic(path, JSON.stringify({ n, fill: 'x'.repeat(10_000) }))),
  );
  expect(await readJsonFile(path)).toEqual({ n: expect.any(Number), fill: 'x'.repeat(10_000) });
  expect(await readdir(folder.path)).toEqual(['state.json']);
});

test('a write that fails leaves the old content and no temporary file', async () => {
  await using folder = await tempFolder();
  const path = folder.file('state');
  await mkdir(path);
  await writeFile(join(path, 'inside'), 'old');
  await expect(writeFileAtomic(path, 'new')).rejects.toThrow();
  expect(await readFile(join(path, 'inside'), 'utf8')).toBe('old');
  expect(await readdir(folder.path)).toEqual(['state']);
});

test('what a killed writer left is removed, and nothing else', async () => {
  await using folder = await tempFolder();
  await writeFileAtomic(folder.file('state'), 'kept');
  await writeFile(folder.file('.state.7.abcd.tmp'), 'ha');
  await writeFile(folder.file('.other.7.abcd.tmp'), 'not ours');
  await removeAbandonedWrites(folder.file('state'));
  expect((await readdir(folder.path)).sort()).toEqual(['.other.7.abcd.tmp', 'state']);
  await removeAbandonedWrites(folder.file('missing/state'));
});

test('a secret file is readable by its owner only', async () => {
  await using folder = await tempFolder();
  const path = folder.file('secret');
  await writeFileAtomic(path, 'x', 0o600);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('no file is undefined, half a file is corrupt_file', async () => {
  await using folder = await tempFolder();
  expect(await readJsonFile(folder.file('none'))).toBeUndefined();
  await writeFile(folder.file('half'), '{"a":');
  await expect(readJsonFile(folder.file('half'))).rejects.toBeInstanceOf(CorruptFileError);
  await expect(readJsonFile(folder.file('half'))).rejects.toMatchObject({ code: 'corrupt_file' });
});
