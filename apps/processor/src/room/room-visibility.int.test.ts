import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { repoRoot, requires } from '@vigilia/testing';
import { letterboxFilter } from '@vigilia/vision';
import type { BlindCause } from '../stream/blindness.ts';
import { findFfmpeg } from '../stream/find-ffmpeg.ts';
import { RoomVisibility } from './room-visibility.ts';

const size = { width: 352, height: 192 };
const source = { width: 640, height: 360 };
const scene = join(repoRoot, 'demo', 'stills', 'still-standing.png');
/** Frames of a clip; each counts for two seconds, as keyframes do. */
const frames = 40;

/** A camera's H.264 of the room, filmed as the filter describes, in the size of a model's input. */
function film(filter: string): Buffer[] {
  const picture = ['-loop', '1', '-framerate', '10', '-t', String(frames / 10), '-i', scene];
  const coder = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '26', '-pix_fmt', 'yuv420p', '-f', 'matroska', '-'];
  const quiet = ['-v', 'error'];
  const options = { maxBuffer: 100_000_000 };
  const scaled = `scale=${source.width}:${source.height},setsar=1,format=yuv420p`;
  const clip = execFileSync(findFfmpeg(), [...quiet, ...picture, '-vf', `${scaled},${filter}`, ...coder], options);
  const output = ['-vf', letterboxFilter(size.width, size.height), '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-'];
  const raw = execFileSync(findFfmpeg(), [...quiet, '-i', '-', ...output], { ...options, input: clip });
  const bytes = size.width * size.height * 3;
  return Array.from({ length: raw.length / bytes }, (_, index) => raw.subarray(index * bytes, (index + 1) * bytes));
}

/** Cause that is reported after each frame. */
function monitor(clips: readonly Buffer[][]): (BlindCause | undefined)[] {
  const sight = new RoomVisibility();
  return clips.flat().map((data, index) => {
    const monotonicMs = index * 2000;
    sight.observe({ sourceId: 2, data, ...size, displayed: source, sequence: index, wallMs: monotonicMs, monotonicMs });
    return sight.blind(0)?.cause;
  });
}

requires('ffmpeg')('whether a room can be seen', () => {
  test.each([
    ['by day', 'null'],
    ['by day through heavy noise', 'noise=alls=20:allf=t'],
    ['at a third of the light', "lutyuv=y='16+(val-16)/3'"],
    ['by infrared at night', 'hue=s=0,eq=contrast=1.1:brightness=-0.12,vignette=PI/4,noise=alls=6:allf=t'],
    ['through a dirty lens', 'gblur=sigma=3'],
  ])('an empty or quiet room %s is never reported', (_, filter) => {
    expect(monitor([film(filter)])).not.toContainEqual(expect.any(String));
  });

  test.each([
    [
      'a quarter of the light with the noise of a sensor',
      "lutyuv=y='16+(val-16)/4':u=128:v=128,noise=alls=22:allf=t",
      'dark',
    ],
    ['the same amplified by the camera', "lutyuv=y='60+(val-16)/8':u=128:v=128,noise=alls=60:allf=t", 'dark'],
    ['no light', 'lutyuv=y=17:u=128:v=128,noise=alls=6:allf=t', 'dark'],
    ['a cloth over the lens', "boxblur=40:5,lutyuv=y='40+val/6',noise=alls=5:allf=t", 'covered'],
    ['a hand that the infrared light shines on', 'lutyuv=y=210:u=128:v=128,noise=alls=4:allf=t', 'covered'],
  ])('%s is reported after a minute, and no more once it is over', (_, filter, cause) => {
    const [good, bad] = [film('null'), film(filter)];
    const seen = monitor([good.slice(0, 5), bad, good.slice(0, 5)]);
    expect(seen.slice(0, 34)).not.toContainEqual(expect.any(String));
    expect(seen.slice(36, 45)).toEqual(Array(9).fill(cause));
    expect(seen.at(-1)).toBeUndefined();
  });
});
