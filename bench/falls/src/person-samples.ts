import { readFileSync } from 'node:fs';
import { type Box, type Detection, iou } from '@vigilia/vision';
import { z } from 'zod';
import type { ClipDetector } from './clip-detector.ts';
import type { Clip } from './clip-list.ts';
import type { Marks } from './marks.ts';

/** A detection of which it is known whether it is a person. */
export interface PersonSample {
  readonly detection: Detection;
  readonly person: boolean;
}

/** The detections of one frame, and how many people it shows. */
export interface SampledFrame {
  readonly people: number;
  readonly samples: readonly PersonSample[];
}

/** Overlap from which a detection is the person, and below which it is a thing; between them it is left out. */
const samePersonIou = 0.3;
const anotherThingIou = 0.1;
/** Frames are taken this far apart, s: nearer ones show the same. */
const sampleSeconds = 0.5;

const truthSchema = z.object({
  width: z.number(),
  height: z.number(),
  frames: z.array(
    z.object({
      t: z.number(),
      people: z.array(z.object({ box: z.tuple([z.number(), z.number(), z.number(), z.number()]) })),
    }),
  ),
});

/** Boxes of all people at a second of a clip, pixels of the camera's frame; undefined where that is not known. */
export type TruthAt = (second: number) => readonly Box[] | undefined;

/** Reads where the people of a clip are: the ground truth of a rendered clip, or the marks. Undefined where neither exists. */
export function truthOf(
  clip: Clip,
  marks: Marks,
  camera: { readonly width: number; readonly height: number },
): TruthAt | undefined {
  if (clip.set.startsWith('rendered')) return renderedTruth(clip);
  const people = marks[clip.name]?.people;
  if (!people) return undefined;
  const known = new Map(
    Object.entries(people).map(([second, boxes]) => [
      Number(second),
      boxes.map(([x1, y1, x2, y2]) => ({
        x1: x1 * camera.width,
        y1: y1 * camera.height,
        x2: x2 * camera.width,
        y2: y2 * camera.height,
      })),
    ]),
  );
  return (second) => known.get(second);
}

function renderedTruth(clip: Clip): TruthAt {
  const { frames } = truthSchema.parse(JSON.parse(readFileSync(clip.path.replace(/\.mp4$/, '.json'), 'utf8')));
  const known = new Map(frames.map(({ t, people }) => [Math.round(t * 10), people]));
  return (second) =>
    known.get(Math.round(second * 10))?.map(({ box: [x, y, w, h] }) => ({ x1: x, y1: y, x2: x + w, y2: y + h }));
}

/** Collects a clip's detections with their labels, twice per second, as filmed (without noise). */
export async function sampleFrames(detector: ClipDetector, truth: TruthAt): Promise<SampledFrame[]> {
  const frames: SampledFrame[] = [];
  const watch = detector.watch();
  for (let step = 0; step * sampleSeconds < detector.seconds; step++) {
    const second = step * sampleSeconds;
    const people = truth(second);
    if (!people) continue;
    const { detections } = await watch.at({ second, noise: { variant: 0, light: 'plain' } });
    const samples = detections.flatMap((detection): PersonSample[] => {
      const overlap = Math.max(0, ...people.map((box) => iou(box, detection.box)));
      if (overlap >= samePersonIou) return [{ detection, person: true }];
      return overlap < anotherThingIou ? [{ detection, person: false }] : [];
    });
    frames.push({ people: people.length, samples });
  }
  return frames;
}
