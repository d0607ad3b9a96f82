import { iou } from '../detection/box.ts';
import type { Box } from '../detection/detection.ts';

/** Something that looks weakly like a person again and again: furniture, clothes. Image heights. */
export interface Thing {
  readonly box: Box;
  /** Sum of the weights of the looks that showed it. */
  readonly weight: number;
  readonly seenAtMs: number;
}

export const sameThingIou = 0.5;
/** A thing is known from this weight on, about two seconds. */
export const knownWeight = 2;
const forgottenAfterMs = 3_600_000;
/** So many things, and so many low places, are kept, the latest: the memory travels in one message. */
export const mostPlaces = 16;
/** Share of a new sight in the remembered box. */
const renewal = 0.2;

/** Is the box where one of these is? */
export const isAmong = (box: Box, boxes: readonly Box[]): boolean => boxes.some((one) => iou(one, box) > sameThingIou);

/** Returns those that were seen lately, the latest of them, oldest first. */
export const seenLately = <P extends { readonly seenAtMs: number }>(
  places: readonly P[],
  atMs: number,
  keptMs: number,
) =>
  places
    .filter(({ seenAtMs }) => atMs - seenAtMs < keptMs)
    .toSorted((a, b) => a.seenAtMs - b.seenAtMs)
    .slice(-mostPlaces);

/** Is this a place where a thing looks like a person? */
export const isKnownThing = (box: Box, things: readonly Thing[]): boolean =>
  things.some((thing) => thing.weight >= knownWeight && iou(thing.box, box) > sameThingIou);

/** Does this known thing show where the box is? */
export const isThingAt = (thing: Box, box: Box, things: readonly Thing[]): boolean =>
  iou(thing, box) > sameThingIou && isKnownThing(thing, things);

/** Has anything ever looked weakly like a person here? */
export const touchesThing = (box: Box, things: readonly Thing[], leastIou = 0.3): boolean =>
  things.some((thing) => iou(thing.box, box) > leastIou);

/** Remembers weak sights that belong to no person; forgets things that were not seen for an hour. */
export function rememberThings(things: readonly Thing[], boxes: readonly Box[], weight: number, atMs: number): Thing[] {
  const known = [...things];
  for (const box of boxes) {
    const index = known.findIndex((thing) => iou(thing.box, box) > sameThingIou);
    const old = known[index];
    if (old === undefined) {
      known.push({ box, weight, seenAtMs: atMs });
    } else {
      known[index] = { box: blend(old.box, box), weight: old.weight + weight, seenAtMs: atMs };
    }
  }
  return seenLately(known, atMs, forgottenAfterMs);
}

const blend = (old: Box, box: Box): Box => ({
  x1: old.x1 + renewal * (box.x1 - old.x1),
  y1: old.y1 + renewal * (box.y1 - old.y1),
  x2: old.x2 + renewal * (box.x2 - old.x2),
  y2: old.y2 + renewal * (box.y2 - old.y2),
});
