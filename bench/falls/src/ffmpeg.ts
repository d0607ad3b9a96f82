import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { displayedSize, plainView } from '@vigilia/vision';

let found: string | undefined;

/** `FFMPEG_BIN`, then the PATH, then the package ffmpeg-static. Throws with a sentence where there is none. */
function findFfmpeg(): string {
  if (process.env.FFMPEG_BIN) return process.env.FFMPEG_BIN;
  if (spawnSync('ffmpeg', ['-version'], { stdio: 'ignore' }).status === 0) return 'ffmpeg';
  try {
    const file: unknown = createRequire(import.meta.url)('ffmpeg-static');
    if (typeof file === 'string' && existsSync(file)) return file;
  } catch {
    // not installed: optional
  }
  throw new Error('ffmpeg was found nowhere: install it or set FFMPEG_BIN.');
}

/** Runs ffmpeg to its end; gives its exit code and what it wrote to stderr. */
export async function runFfmpeg(args: readonly string[]): Promise<{ code: number | null; text: string }> {
  found ??= findFfmpeg();
  const child = spawn(found, ['-hide_banner', '-nostdin', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const code = await new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done));
  return { code, text };
}

/** Returns the size of a clip's picture as it is shown, in square pixels, and its length in seconds. */
export async function probeClip(path: string): Promise<{ width: number; height: number; seconds: number }> {
  // Without an output ffmpeg describes its input and ends with an error; ffprobe is not everywhere where ffmpeg is.
  const { text } = await runFfmpeg(['-i', path]);
  const [, hours, minutes, seconds] = /Duration: (\d+):(\d+):([\d.]+)/.exec(text) ?? [];
  const video = /Stream #.*Video: .*?[ ,](\d{2,5})x(\d{2,5})(?: \[SAR (\d+):(\d+)|[ ,])/.exec(text);
  if (video === null || !seconds) throw new Error(`${path} holds no video that ffmpeg can read.`);
  const [, width, height, sarWidth = '1', sarHeight = '1'] = video;
  const sar = Number(sarWidth) / Number(sarHeight);
  const shown = displayedSize({ width: Number(width), height: Number(height), sar }, plainView);
  const onItsSide = /rotation of -?(90|270)\.00 degrees/.test(text);
  return {
    width: onItsSide ? shown.height : shown.width,
    height: onItsSide ? shown.width : shown.height,
    seconds: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds),
  };
}
