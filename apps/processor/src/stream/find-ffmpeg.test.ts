import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { type TempFolder, tempFolder } from '@vigilia/testing';
import { findFfmpeg } from './find-ffmpeg.ts';

let folder: TempFolder;
beforeEach(async () => {
  folder = await tempFolder('ffmpeg');
  mkdirSync(folder.file('bin'));
  for (const name of ['bin/ffmpeg', 'own']) {
    writeFileSync(folder.file(name), '#!/bin/sh\n');
    chmodSync(folder.file(name), 0o755);
  }
});
afterEach(() => folder.remove());

test('FFMPEG_BIN wins over the PATH', () => {
  const env = { PATH: folder.file('bin'), FFMPEG_BIN: folder.file('own') };
  expect(findFfmpeg(env)).toBe(folder.file('own'));
  expect(findFfmpeg({ PATH: folder.file('bin') })).toBe(folder.file('bin/ffmpeg'));
});

test('an FFMPEG_BIN that cannot be run is a mistake, reported with its remedy', () => {
  const env = { PATH: folder.file('bin'), FFMPEG_BIN: folder.file('nothing') };
  expect(() => findFfmpeg(env)).toThrow(
    expect.objectContaining({ code: 'ffmpeg_not_found', remedy: expect.stringContaining('apt-get install ffmpeg') }),
  );
});
