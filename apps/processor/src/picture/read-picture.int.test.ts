import { execFileSync } from 'node:child_process';
import { ffmpegPath, requires, tempFolder } from '@vigilia/testing';
import { readPicture } from './read-picture.ts';

requires('ffmpeg')('a picture whose pixels are not square', () => {
  const ffmpeg = ffmpegPath() ?? 'ffmpeg';

  test('is read in the shape in which people see it, so that boxes lie on the people', async () => {
    const folder = await tempFolder('read-picture');
    const file = folder.file('anamorphic.mp4');
    const made = ['-f', 'lavfi', '-i', 'color=white:s=320x240:d=0.1', '-vf', 'setsar=4/3', '-pix_fmt', 'yuv420p', file];
    execFileSync(ffmpeg, ['-v', 'error', '-y', ...made]);
    const picture = await readPicture({ ffmpeg, file, width: 320, height: 320 });
    await folder.remove();
    expect(picture?.source).toEqual({ width: 427, height: 240 });
    const grey = (x: number, y: number): number | undefined => picture?.data[(y * 320 + x) * 3];
    // 427×240 fills 320×180 of the input: 70 rows of grey above it
    expect([grey(160, 68), grey(160, 72)].map((value) => (value ?? 0) > 200)).toEqual([false, true]);
  });
});
