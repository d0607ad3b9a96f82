import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot, type TempFolder, tempFolder } from '@vigilia/testing';
import { checkManifest, freezeData, readManifest } from './manifest.ts';

async function frozenData(): Promise<{ folder: TempFolder; file: string }> {
  const folder = await tempFolder();
  for (const name of ['clips/urfd', 'clips/gmdcsa24', 'clips/other', 'labels', 'models', 'rooms', 'rooms-hard']) {
    mkdirSync(folder.file(name), { recursive: true });
  }
  writeFileSync(folder.file('clips/urfd/fall-01.mp4'), 'one');
  writeFileSync(folder.file('labels/clips.json'), '[]');
  const file = folder.file('manifest.json');
  expect(freezeData(file, folder.path)).toBe(2);
  return { folder, file };
}

test('data that is as it was frozen is accepted', async () => {
  const { folder, file } = await frozenData();
  await using _ = folder;
  expect(() => checkManifest(readManifest(file), folder.path)).not.toThrow();
});

test.each([
  [
    'a changed clip',
    (folder: string) => writeFileSync(join(folder, 'clips/urfd/fall-01.mp4'), 'two'),
    'fall-01.mp4: sha',
  ],
  ['changed labels', (folder: string) => writeFileSync(join(folder, 'labels/clips.json'), '[ ]'), 'clips.json: sha256'],
])('%s stops the evaluation and is named, so that no figure is published for other data', async (_, change, named) => {
  const { folder, file } = await frozenData();
  await using __ = folder;
  change(folder.path);
  expect(() => checkManifest(readManifest(file), folder.path)).toThrow(named);
});

test('a clip that is missing, and one that was never frozen, stop the evaluation by name', async () => {
  const { folder, file } = await frozenData();
  await using _ = folder;
  const manifest = readManifest(file);
  expect(() => checkManifest(manifest, join(folder.path, 'labels'))).toThrow('clips/urfd/fall-01.mp4: missing');
  expect(() => checkManifest(manifest, folder.path, ['clips/new.mp4'])).toThrow('clips/new.mp4: not in the manifest');
});

test('the committed manifest holds every set that the figures are quoted for', () => {
  const paths = Object.keys(readManifest(join(repoRoot, 'bench/falls/manifest.json')));
  const count = (start: string) => paths.filter((path) => path.startsWith(start) && path.endsWith('.mp4')).length;
  expect(['clips/urfd/', 'clips/gmdcsa24/', 'clips/other/', 'rooms/', 'rooms-hard/'].map(count)).toEqual([
    15, 9, 4, 7, 15,
  ]);
});
