import { delimiter, isAbsolute, join } from 'node:path';
import { SetupError } from './setup-error.mjs';

/**
 * @typedef {{
 *   env: { FFMPEG_BIN?: string | undefined, PATH?: string | undefined },
 *   packaged: string,
 *   isExecutable: (path: string) => boolean
 * }} Places `packaged`: where the npm package ffmpeg-static puts its binary
 */

/**
 * The order: FFMPEG_BIN, the PATH, ffmpeg-static.
 * @param {Places} places
 * @returns {string | undefined} path of ffmpeg
 * @throws {SetupError} when FFMPEG_BIN names something that cannot be run: what a person set is not quietly overruled
 */
export function findFfmpeg({ env, packaged, isExecutable }) {
  const onPath = (/** @type {string} */ name) =>
    (env.PATH ?? '')
      .split(delimiter)
      .filter((folder) => isAbsolute(folder))
      .map((folder) => join(folder, name))
      .find(isExecutable);
  if (env.FFMPEG_BIN) {
    const named = env.FFMPEG_BIN.includes('/') ? env.FFMPEG_BIN : onPath(env.FFMPEG_BIN);
    if (named && isExecutable(named)) return named;
    throw new SetupError(
      `FFMPEG_BIN is ${env.FFMPEG_BIN}, but there is no program of that name: correct it or unset it.`,
    );
  }
  return onPath('ffmpeg') ?? (isExecutable(packaged) ? packaged : undefined);
}
