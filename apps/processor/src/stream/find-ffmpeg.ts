import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, isAbsolute, join } from 'node:path';
import { UsageError } from '@vigilia/service';

const remedy =
  'Install it (Debian: apt-get install ffmpeg), set FFMPEG_BIN, or run `npm rebuild ffmpeg-static --ignore-scripts=false`.';

/**
 * Path of the ffmpeg to use: `FFMPEG_BIN`, else `ffmpeg` on the PATH, else the binary of the package ffmpeg-static.
 *
 * @throws UsageError `ffmpeg_not_found`
 */
export function findFfmpeg(env: NodeJS.ProcessEnv = process.env): string {
  const named = env.FFMPEG_BIN;
  if (named !== undefined && named !== '') {
    if (isAbsolute(named) ? runnable(named) : onPath(named, env) !== undefined) return named;
    throw notFound(`FFMPEG_BIN is ${named}, which is not a program that can be run.`);
  }
  const found = onPath('ffmpeg', env) ?? packaged();
  if (found === undefined) throw notFound('ffmpeg was not found.');
  return found;
}

const notFound = (message: string): UsageError => new UsageError({ code: 'ffmpeg_not_found', message, remedy });

function onPath(name: string, env: NodeJS.ProcessEnv): string | undefined {
  return (env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(runnable);
}

function packaged(): string | undefined {
  try {
    const path: unknown = createRequire(import.meta.url)('ffmpeg-static');
    return typeof path === 'string' && runnable(path) ? path : undefined;
  } catch {
    return undefined; // an optional package that is not installed
  }
}

function runnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
