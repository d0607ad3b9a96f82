import { boxCentre, iou } from '../detection/box.ts';
import type { Box } from '../detection/detection.ts';
import { knownWeight, sameThingIou, type Thing } from './things.ts';
import type { Track } from './track.ts';
import { movedScales, sureScore } from './update-track.ts';

/** Things that people taught a room, as one look judges them. */
export interface TaughtThings {
  /** Image heights. */
  readonly boxes: readonly Box[];
  /** The model shows joints, which can confirm a person who does not move. Boxes alone confirm no one: things have boxes, too. */
  readonly hasJoints: boolean;
  /** Tracks whose alarm people have answered: they stay, because they keep their place quiet. */
  readonly answered: ReadonlySet<number>;
}

export const noTaughtThings: TaughtThings = { boxes: [], hasJoints: false, answered: new Set() };

/** How far a person may have come since they were last seen, in body scales: the box of a person who falls jumps, and people walk. */
const reachAtOnce = 1.5;
const reachPerSecond = 1;

/** Walked, or has moved from where they were first seen. */
function hasMoved({ sure, walkedAtMs, firstAtMs, place, walkedTo, scale }: Track): boolean {
  if (sure && walkedAtMs > firstAtMs) return true;
  return Math.hypot(place.x - walkedTo.x, place.y - walkedTo.y) > movedScales * scale;
}

/** Is this surely a person: one who was confirmed before, has moved, or whose joints confirm a person on average? */
export const isConfirmed = (track: Track, { hasJoints }: TaughtThings): boolean =>
  track.confirmed === true || hasMoved(track) || (hasJoints && track.person >= sureScore);

/** Notes that a track is a person for good. At the place of a taught thing only movement does that. */
export function markConfirmed(track: Track, taught: TaughtThings): Track {
  if (taught.boxes.length === 0 || track.confirmed === true) return track;
  const isAtThing = taught.boxes.some((box) => iou(box, track.box) > sameThingIou);
  const confirmed = isAtThing ? hasMoved(track) : isConfirmed(track, taught);
  return confirmed ? { ...track, confirmed } : track;
}

/**
 * Returns the taught things that count in a look, as known things. While a confirmed person may be at the place of one, that one does not
 * count: a person who walks there and falls is judged as if nothing had been taught.
 */
export function thingsThatCount(taught: TaughtThings, tracks: readonly Track[], atMs: number): Thing[] {
  const people = tracks.filter((track) => isConfirmed(track, taught));
  return taught.boxes
    .filter((box) => !people.some((person) => mayBeAt(box, person, atMs)))
    .map((box) => ({ box, weight: knownWeight, seenAtMs: atMs }));
}

function mayBeAt(box: Box, { box: last, place, scale, seenAtMs }: Track, atMs: number): boolean {
  const centre = boxCentre(box);
  const halfSize = Math.max(box.x2 - box.x1, box.y2 - box.y1, last.x2 - last.x1, last.y2 - last.y1) / 2;
  const distance = Math.hypot(centre.x - place.x, centre.y - place.y) - halfSize;
  return distance <= scale * (reachAtOnce + (reachPerSecond * (atMs - seenAtMs)) / 1000);
}
