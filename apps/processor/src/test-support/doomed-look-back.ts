/**
 * A processor that a test kills with SIGKILL while it looks back: monitors the fall of a camera, and prints what it published of the
 * room as a line of JSON as soon as a look-back has begun, which does not end by itself.
 * Usage: node … doomed-look-back.ts FOLDER URL
 */
import type { TempFolder } from '@vigilia/testing';
import { monitorFall } from './suspected-fall.ts';
import { starvedPast, wrappedFfmpeg } from './wrapped-ffmpeg.ts';

const [path = '', url = ''] = process.argv.slice(2);
const folder: Pick<TempFolder, 'path' | 'file'> = { path, file: (name) => `${path}/${name}` };
const ffmpeg = await wrappedFfmpeg(folder, starvedPast);
const room = await monitorFall({ folder, video: '' }, { url, ffmpeg });
const looking = setInterval(() => {
  if (!room.lines.some(({ event }) => event === 'looks_back')) return;
  clearInterval(looking);
  process.stdout.write(`${JSON.stringify(room.states.at(-1))}\n`);
}, 20);
