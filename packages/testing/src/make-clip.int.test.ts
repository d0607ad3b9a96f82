import { execFileSync } from 'node:child_process';
import { ffmpegPath } from './ffmpeg-path.ts';
import { makeClip } from './make-clip.ts';
import { requires } from './requires.ts';
import { tempFolder } from './temp-folder.ts';

/** Mean grey of each frame of a clip, decoded to one pixel a frame. */
function levels(file: string, ...inputOptions: string[]): number[] {
  const args = [
    '-v',
    'error',
    ...inputOptions,
    '-i',
    file,
    '-vf',
    'scale=1:1:flags=area',
    '-fps_mode',
    'passthrough',
    '-pix_fmt',
    'gray',
    '-f',
    'rawvideo',
    '-',
  ];
  return [...execFileSync(ffmpegPath() ?? 'ffmpeg', args)];
}

requires('ffmpeg')('a generated clip', () => {
  test('has the frames, and the keyframes, that were asked for', async () => {
    await using folder = await tempFolder('clip');
    const file = await makeClip({ file: folder.file('a.mp4'), size: '160x90', fps: 5, seconds: 4, gop: 10 });
    expect(levels(file)).toHaveLength(20);
    expect(levels(file, '-skip_frame', 'nokey')).toHaveLength(2);
  });

  test('plays its sections of grey in order', async () => {
    await using folder = await tempFolder('clip');
    const pattern = [
      { seconds: 1, level: 10 },
      { seconds: 2, level: 245 },
    ];
    const found = levels(await makeClip({ file: folder.file('a.mp4'), size: '160x90', fps: 4, pattern }));
    expect(found.map((level) => (level > 128 ? 'bright' : 'dark'))).toEqual([
      ...Array(4).fill('dark'),
      ...Array(8).fill('bright'),
    ]);
  });

  test('still shows one frame for its whole length', async () => {
    await using folder = await tempFolder('clip');
    const found = levels(
      await makeClip({ file: folder.file('a.mp4'), size: '160x90', fps: 4, seconds: 3, pattern: 'still' }),
    );
    expect(found).toHaveLength(12);
    expect(new Set(found).size).toBe(1);
  });
});
