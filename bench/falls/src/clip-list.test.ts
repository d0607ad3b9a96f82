import { writeFileSync } from 'node:fs';
import { tempFolder } from '@vigilia/testing';
import { readClips } from './clip-list.ts';

/** A list of clips in a folder of its own, with a file for each of them. */
async function listed(clips: readonly object[], files: readonly string[]) {
  const folder = await tempFolder();
  for (const file of files) {
    writeFileSync(folder.file(file), '');
  }
  const list = folder.file('clips.json');
  writeFileSync(list, JSON.stringify(clips));
  return { folder, read: () => readClips(list, folder.path) };
}

test('a room without zones stays apart from a room with an empty list, and polygons have either name', async () => {
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

test('a clip that does not exist and an unknown kind are rejected by name', async () => {
  const { folder, read } = await listed([{ file: 'gone.mp4', kind: 'fall' }], []);
  await using _ = folder;
  expect(read).toThrow('gone.mp4');
  const wrong = await listed([{ file: 'a', kind: 'tumble' }], ['a']);
  await using __ = wrong.folder;
  expect(wrong.read).toThrow('kind');
});
