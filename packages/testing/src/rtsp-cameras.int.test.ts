import { type ChildProcess, spawn } from 'node:child_process';
import { endProcess } from '@vigilia/service';
import { eventually } from './eventually.ts';
import { ffmpegPath } from './ffmpeg-path.ts';
import { makeClip } from './make-clip.ts';
import { requires } from './requires.ts';
import { startRtspCameras } from './rtsp-cameras.ts';
import { tempFolder } from './temp-folder.ts';

/** Reads a camera and counts the frames that come out. */
function read(url: string): { child: ChildProcess; frames: () => number } {
  const args = [
    '-v',
    'error',
    '-rtsp_transport',
    'tcp',
    '-i',
    url,
    '-vf',
    'scale=1:1',
    '-pix_fmt',
    'gray',
    '-f',
    'rawvideo',
    '-',
  ];
  const child = spawn(ffmpegPath() ?? 'ffmpeg', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let count = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    count += chunk.length;
  });
  return { child, frames: () => count };
}

requires('rtsp')('generated cameras', () => {
  test('frames come, stop when the camera is cut and come again when it is restored', async () => {
    await using folder = await tempFolder('rtsp');
    const file = await makeClip({ file: folder.file('2.mp4'), size: '160x90', fps: 10, seconds: 4, gop: 5 });
    const cameras = await startRtspCameras({ 2: file });
    const reader = read(`${cameras.url}/2`);
    try {
      await eventually(() => expect(reader.frames()).toBeGreaterThan(10), { timeoutMs: 90_000 });
      await cameras.cut(2);
      let before = -1;
      await eventually(
        () => {
          const last = before;
          before = reader.frames();
          expect(before).toBe(last);
        },
        { intervalMs: 1000, message: 'silence after the cut' },
      );
      await cameras.restore(2);
      await eventually(() => expect(reader.frames()).toBeGreaterThan(before + 10), { timeoutMs: 90_000 });
    } finally {
      await endProcess(reader.child);
      await cameras.stop();
    }
  });
});
