import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gridFps } from './clip-frames.ts';
import type { Clip } from './clip-list.ts';
import { type Disturbance, moveZones, visuallyLossless } from './disturbances.ts';
import { probeClip, runFfmpeg } from './ffmpeg.ts';
import { fileHash } from './file-hash.ts';
import type { Marks } from './marks.ts';

/** Changes when a filter or the encoder's arguments change. */
const version = 2;
/** The part before a fall that is worth watching on its own, s. */
const leastUprightSeconds = 0.8;
/** It ends so long before the fall begins, s. */
const uprightMargin = 0.2;

/**
 * Makes a clip under a disturbance, or finds it in the cache folder. Zones move with the picture. Returns undefined for a clip that
 * cannot be disturbed like this: no person stands in it long enough, or its hips are not marked.
 */
export async function disturbClip(
  clip: Clip,
  disturbance: Disturbance,
  options: { readonly cacheFolder: string; readonly marks: Marks },
): Promise<Clip | undefined> {
  const hips = disturbance.cut ? options.marks[clip.name]?.hips?.[disturbance.cut] : 1;
  if (hips === undefined) return undefined;
  const uprightEnds =
    disturbance.quietOnly && clip.kind === 'fall' ? (clip.fall_start_s ?? 0) - uprightMargin : undefined;
  if (uprightEnds !== undefined && uprightEnds < leastUprightSeconds) return undefined;
  const { width, height } = await probeClip(clip.path);
  const picture = { width, height, hips };
  const stem = clip.name.replace(/[^A-Za-z0-9._-]+/g, '_').replace(/\.[^.]+$/, '');
  const cut = disturbance.cut ? `-${hips.toFixed(3)}` : '';
  const name = `${stem}-${fileHash(clip.path).slice(0, 12)}-${disturbance.id}${cut}-v${version}.mp4`;
  const path = join(options.cacheFolder, 'clips', name);
  if (!existsSync(path)) {
    // Only frames of the grid are analysed; what the encoder itself does needs all of them.
    const grid = disturbance.id === 'compressed' ? '' : `,fps=${gridFps}`;
    const filter = `${disturbance.filter(picture)}${grid}`;
    await encode({ from: clip.path, to: path, filter, crf: disturbance.crf, seconds: uprightEnds });
  }
  return {
    ...clip,
    path,
    kind: uprightEnds === undefined ? clip.kind : 'adl',
    zones: moveZones(clip.zones ?? undefined, disturbance, picture),
  };
}

async function encode(o: {
  readonly from: string;
  readonly to: string;
  readonly filter: string;
  readonly crf: number;
  readonly seconds: number | undefined;
}): Promise<void> {
  mkdirSync(dirname(o.to), { recursive: true });
  const part = o.to.replace(/\.mp4$/, `.${process.pid}.part.mp4`);
  const until = o.seconds === undefined ? [] : ['-t', String(o.seconds)];
  const encoder = [
    '-an',
    '-c:v',
    'libx264',
    '-preset',
    o.crf > visuallyLossless ? 'veryfast' : 'ultrafast',
    '-crf',
    String(o.crf),
    '-pix_fmt',
    'yuv420p',
  ];
  const input = ['-y', '-v', 'error', '-threads', '1', '-i', o.from];
  const { code, text } = await runFfmpeg([...input, ...until, '-vf', o.filter, ...encoder, '-threads', '1', part]);
  if (code !== 0) {
    rmSync(part, { force: true });
    throw new Error(`ffmpeg could not make ${o.to}: ${text.trim().split('\n').at(-1)}`);
  }
  renameSync(part, o.to);
}
