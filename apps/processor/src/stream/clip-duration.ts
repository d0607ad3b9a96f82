import { execFile } from 'node:child_process';
import { childEnvironment } from '@vigilia/service';

/**
 * Length of a video file in seconds, read from the output of `ffmpeg -i` (ffprobe is not always installed). Rejects when ffmpeg
 * cannot read the file.
 */
export function clipDuration(ffmpeg: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const args = ['-hide_banner', '-nostdin', '-protocol_whitelist', 'file', '-i', `file:${path}`];
    // without an output ffmpeg always ends with code 1
    execFile(ffmpeg, args, { timeout: 10_000, env: childEnvironment() }, (_error, _stdout, stderr) => {
      const seconds = parseDuration(stderr);
      if (seconds === undefined) {
        reject(new Error(`ffmpeg reported no duration for ${path}: ${stderr.trim().split('\n').at(-1)}`));
      } else {
        resolve(seconds);
      }
    });
  });
}

/** `  Duration: 00:01:35.04, start: …` → 95.04. */
export function parseDuration(text: string): number | undefined {
  const match = /Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)/.exec(text);
  return match === null ? undefined : Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]);
}
