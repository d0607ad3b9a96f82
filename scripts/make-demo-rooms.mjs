/**
 * Makes the demo's rooms 4 to 12 from its rooms 0 (walking), 1 (sleeping) and 3 (empty): mirrored, begun at another moment,
 * in other light. The results are committed; this is how they were made: `node scripts/make-demo-rooms.mjs [FFMPEG]`.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOMS = fileURLToPath(new URL('../demo/rooms/', import.meta.url));
const WARM = 'colorbalance=rm=0.10:bm=-0.10';
const COOL = 'colorbalance=rm=-0.08:bm=0.10';
const EVENING = 'eq=brightness=-0.08:saturation=0.8';
const INFRARED = 'hue=s=0,eq=brightness=-0.10:contrast=0.9';

/** @type {{ room: number, from: number, startSeconds?: number, filters: string[] }[]} */
const VARIANTS = [
  { room: 4, from: 0, startSeconds: 5, filters: ['hflip'] },
  { room: 5, from: 1, startSeconds: 10, filters: ['hflip', EVENING] },
  { room: 6, from: 3, filters: ['hflip', COOL] },
  { room: 7, from: 0, startSeconds: 10, filters: [WARM] },
  { room: 8, from: 1, filters: [INFRARED] },
  { room: 9, from: 0, startSeconds: 15, filters: ['hflip', COOL] },
  { room: 10, from: 3, filters: [INFRARED] },
  { room: 11, from: 1, startSeconds: 5, filters: ['hflip', WARM] },
  { room: 12, from: 0, startSeconds: 12, filters: [EVENING] },
];

const SECONDS = { 0: 20, 1: 20, 3: 12 };
const ENCODING = '-an -c:v libx264 -profile:v main -pix_fmt yuv420p -bf 0 -g 10 -keyint_min 10 -sc_threshold 0 -crf 25';

for (const { room, from, startSeconds = 0, filters } of VARIANTS) {
  // The clips end as they begin, so a clip may start anywhere when it is played twice in a row.
  const input = ['-stream_loop', '1', '-i', `${ROOMS}${from}.mp4`, '-ss', `${startSeconds}`];
  const length = ['-t', `${SECONDS[/** @type {0 | 1 | 3} */ (from)]}`];
  const output = [...ENCODING.split(' '), '-preset', 'slow', '-movflags', '+faststart', `${ROOMS}${room}.mp4`];
  const all = ['-nostdin', '-v', 'error', '-y', ...input, ...length, '-vf', filters.join(','), ...output];
  execFileSync(process.argv[2] ?? 'ffmpeg', [...all.slice(0, -1), '-map_metadata', '-1', ...all.slice(-1)]);
}
