import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digest } from './stamp.mjs';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigilia-stamp-'));
  await mkdir(join(folder, 'src'));
  await writeFile(join(folder, 'src/main.ts'), 'one');
});
afterEach(() => rm(folder, { recursive: true }));

test('a changed, added or missing source changes the stamp', async () => {
  const seen = [await digest([folder])];
  await writeFile(join(folder, 'src/main.ts'), 'two');
  seen.push(await digest([folder]));
  await writeFile(join(folder, 'src/other.ts'), '');
  seen.push(await digest([folder]));
  seen.push(await digest([join(folder, 'absent')]));
  expect(new Set(seen).size).toBe(4);
});

test('results, packages and tests do not: nothing is built again because of them', async () => {
  const before = await digest([folder]);
  for (const name of ['dist', 'node_modules']) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'index.js'), 'built');
  }
  await writeFile(join(folder, 'src/main.test.ts'), 'test');
  await writeFile(join(folder, 'src/main.int.test.ts'), 'test');
  expect(await digest([folder])).toBe(before);
});
