import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

let found: { path: string | undefined } | undefined;

/** The ffmpeg of the tests: `FFMPEG_BIN`, `ffmpeg` on the PATH, the package ffmpeg-static; `undefined` when none runs. */
export function ffmpegPath(): string | undefined {
  found ??= { path: [process.env.FFMPEG_BIN, 'ffmpeg', staticPath()].find((path) => path !== undefined && runs(path)) };
  return found.path;
}

function staticPath(): string | undefined {
  try {
    const path: unknown = createRequire(import.meta.url)('ffmpeg-static');
    return typeof path === 'string' ? path : undefined;
  } catch {
    return undefined;
  }
}

function runs(path: string): boolean {
  return spawnSync(path, ['-version'], { stdio: 'ignore' }).status === 0;
}
