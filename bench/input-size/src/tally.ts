import { type Box, type Detection, iou } from '@vigilia/vision';
import { canvas } from './scene.ts';
import type { TruePerson } from './truth.ts';

/** From this probability on a detection is a person. */
const sure = 0.5;
const sameIou = 0.3;
/** A detection that covers less than this share of a person is a thing. */
const leastOverlap = 0.2;
/** The clips' own width, px. */
const clipWidth = 640;

type Found = readonly { readonly detection: Detection; readonly probability: number }[];

/** Counts of one input size, over all frames. */
export class Tally {
  readonly #people = new Map<string, { seen: number; sure: number }>();
  #frames = 0;
  #things = 0;

  /** Counts one frame, shrunk by `share`. */
  add(found: Found, people: readonly TruePerson[], share: number): void {
    this.#frames++;
    const strong = found.filter(({ probability }) => probability >= sure);
    for (const { posture, box } of people) {
      const place = onCanvas(box, share);
      const count = this.#people.get(posture) ?? { seen: 0, sure: 0 };
      count.seen++;
      if (strong.some(({ detection }) => iou(detection.box, place) >= sameIou)) {
        count.sure++;
      }
      this.#people.set(posture, count);
    }
    const places = people.map(({ box }) => onCanvas(box, share));
    this.#things += strong.filter(({ detection }) => places.every((place) => !covers(detection.box, place))).length;
  }

  /** Share of the people in a posture who were found; undefined where there were none. */
  found(posture: string): number | undefined {
    const count = this.#people.get(posture);
    return count === undefined ? undefined : count.sure / count.seen;
  }

  /** Things taken for people, per frame. */
  get thingsPerFrame(): number {
    return this.#things / Math.max(1, this.#frames);
  }
}

function onCanvas(box: Box, share: number): Box {
  const scale = (canvas.width / clipWidth) * share;
  const left = (canvas.width * (1 - share)) / 2;
  const top = (canvas.height * (1 - share)) / 2;
  return { x1: left + box.x1 * scale, y1: top + box.y1 * scale, x2: left + box.x2 * scale, y2: top + box.y2 * scale };
}

function covers(a: Box, b: Box): boolean {
  const width = Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1);
  const height = Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1);
  return width > 0 && height > 0 && width * height > leastOverlap * (a.x2 - a.x1) * (a.y2 - a.y1);
}
