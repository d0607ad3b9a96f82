import { writeFileSync } from 'node:fs';
import { tempFolder } from '@vigilia/testing';
import { readClips } from './clip-list.ts';

/** A list of clips in a folder of its own, with a file for each of them. */
async function listed(clips: readonly object[], files: readonly string[]) {
  const folder = await tempFolder();
  for (const file of files) writeFileSync(folder.file(file), '');
  const list = folder.file('clips.json');
  writeFileSync(list, JSON.stringify(clips));
  return { folder, read: () => readClips(list, folder.path) };
}

test('every second clip of each set is quoted, whatever stands between: nobody may choose them', async () => {
  const names = ['a1', 'b1', 'a2', 'a3', 'b2'];
  const clips = names.map((file) => ({ file, set: file.charAt(0), kind: 'adl' }));
  const { folder, read } = await listed(clips, names);
  await using _ = folder;
  expect(read().map(({ name, half }) => `${name} ${half}`)).toEqual([
    'a1 tuning',
    'b1 tuning',
    'a2 quoted',
    'a3 tuning',
    'b2 quoted',
  ]);
});

test('no zones is never configured, an empty list is configured; polygons go by either name', async () => {
  const points = [
    [0, 0],
    [1, 0],
    [1, 1],
  ];
  const clips = [
    { file: 'a', kind: 'adl' },
    { file: 'b', kind: 'adl', zones: [] },
    { file: 'c', kind: 'adl', zones: [{ kind: 'bed', polygon: points }] },
  ];
  const { folder, read } = await listed(clips, ['a', 'b', 'c']);
  await using _ = folder;
  expect(read().map(({ zones }) => zones)).toEqual([undefined, [], [{ kind: 'bed', points }]]);
});

test('a clip that is nowhere, and a kind nobody knows, are told by name', async () => {
  const { folder, read } = await listed([{ file: 'gone.mp4', kind: 'fall' }], []);
  await using _ = folder;
  expect(read).toThrow('gone.mp4');
  const wrong = await listed([{ file: 'a', kind: 'tumble' }], ['a']);
  await using __ = wrong.folder;
  expect(wrong.read).toThrow('kind');
});
