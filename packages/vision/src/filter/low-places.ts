import { boxArea, intersectionArea, iou } from '../detection/box.ts';
import type { Box } from '../detection/detection.ts';
import type { PersonDetection } from './person-detection.ts';
import { isAmong, sameThingIou, seenLately } from './things.ts';
import type { Track } from './track.ts';

/** A place where something low was seen, person or thing, and since when. Image heights. */
export interface LowPlace {
  readonly box: Box;
  readonly sinceMs: number;
  readonly seenAtMs: number;
  /** When a person who was up last hid the place. Does not travel with the room: it is made anew with the next person who passes. */
  readonly hiddenAtMs?: number | undefined;
}

/** A sight is low from half of lying on. */
const lowLook = 0.5;
/** From half of standing on a sight shows a person who stands; one who kneels may sink down again on the same spot. */
const upLook = 0.5;
const upBelief = 0.5;
/** Frames so close together show a person go down (one per second, with its jitter); the fall itself takes up to so long. */
const closeMs = 1500;
const fallMs = 2000;
/** A place is hidden where so much of it is behind a person: one who stands is less than half as wide as one who lies. */
const hiddenShare = 0.3;
/** Furniture stays where it is, and may be hidden for hours. */
const forgottenAfterMs = 24 * 3_600_000;

const lowOf = ({ posture }: Pick<PersonDetection, 'posture'>): number => posture[3] + posture[2] / 2;

/** A person whose fall raised an alarm: where they are now, and when they were last seen up. */
export type Fallen = Pick<Track, 'box' | 'upAtMs'>;

const samePlace = (places: readonly LowPlace[], box: Box): LowPlace | undefined =>
  places.find((place) => iou(place.box, box) > sameThingIou);

/**
 * Remembers where low sights were: also those of people, as a thing that looks like a person is taken for one.
 * @param fallen people whose fall raised an alarm: what is low where they are is not a thing, unless it was there before they were up
 */
export function rememberLowPlaces(
  places: readonly LowPlace[],
  detections: readonly PersonDetection[],
  fallen: readonly Fallen[],
  atMs: number,
): LowPlace[] {
  const boxes = fallen.map(({ box }) => box);
  const known = new Map(places.filter((place) => !cameWithFall(place, fallen)).map((place) => [place, place]));
  const added: LowPlace[] = [];
  for (const place of known.keys()) {
    if (detections.some((detection) => hides(detection, place))) {
      known.set(place, { ...place, hiddenAtMs: atMs });
    }
  }
  for (const detection of detections) {
    if (lowOf(detection) < lowLook || isAmong(detection.box, boxes)) continue;
    const place = samePlace(places, detection.box);
    if (place !== undefined) {
      known.set(place, { ...(known.get(place) ?? place), seenAtMs: atMs });
    } else if (samePlace(added, detection.box) === undefined) {
      added.push({ box: detection.box, sinceMs: atMs, seenAtMs: atMs });
    }
  }
  return seenLately([...known.values(), ...added], atMs, forgottenAfterMs);
}

const hides = ({ posture, strong, box }: PersonDetection, place: LowPlace): boolean =>
  strong && posture[0] > upLook && intersectionArea(box, place.box) > hiddenShare * boxArea(place.box);

const cameWithFall = ({ box, sinceMs }: LowPlace, fallen: readonly Fallen[]): boolean =>
  fallen.some(({ box: there, upAtMs = Number.NEGATIVE_INFINITY }) => isAmong(box, [there]) && !(sinceMs < upAtMs));

/**
 * Notes when a person was last seen up, whether frames close together showed them go down, and when a low sight showed only what was seen
 * in the same place before they were up: a thing that they hid.
 * @param track after the look; @param before the same track before it
 */
export function markLow(track: Track, detection: PersonDetection, places: readonly LowPlace[], before: Track): Track {
  const { posture, strong, box } = detection;
  const place = samePlace(places, box);
  const atMs = track.seenAtMs;
  const upAtMs = track.upAtMs ?? Number.NEGATIVE_INFINITY;
  const isThing = place !== undefined && (place.sinceMs < upAtMs || wasRevealed(track, place));
  const isLow = lowOf(detection) >= lowLook;
  const isWhole = !detection.cutOff && !(isLow ? isThing : place !== undefined);
  const wholeAtMs = isWhole ? atMs : track.wholeAtMs;
  if (!isLow) {
    const isUp = strong && posture[0] > upLook && track.belief.upright > upBelief;
    // Who was taken for a thing, and is off the floor now, has not been on it since. A person who sits on the floor is not off it.
    const isOffFloor = posture[0] + posture[1] > 0.5;
    const thingAtMs = track.thingAtMs !== undefined && isOffFloor ? atMs : track.thingAtMs;
    if (!isUp || place !== undefined) return { ...track, wholeAtMs, thingAtMs };
    return { ...track, upAtMs: atMs, wholeAtMs, wentDown: undefined, thingAtMs: undefined };
  }
  // A person who was whole in the frame and elsewhere a moment ago came to this place; one whom an edge cut off may have left.
  const isWholeBefore = isThing ? before.seenAtMs === before.wholeAtMs : !detection.cutOff;
  const isSeen = isWholeBefore && atMs - upAtMs <= fallMs && atMs - before.seenAtMs <= closeMs;
  // Who goes down stays near their feet: a thing that lies apart from where they were is not them.
  const isApart = isThing && intersectionArea(before.box, box) === 0;
  const wentDown = (!isApart && (isSeen || track.wentDown === true)) || undefined;
  return { ...track, wholeAtMs, wentDown, thingAtMs: isThing ? atMs : track.thingAtMs };
}

/** A track began where a person who was up had hidden what was low there before. */
const wasRevealed = ({ firstAtMs }: Track, { sinceMs, hiddenAtMs }: LowPlace): boolean =>
  hiddenAtMs !== undefined && sinceMs < hiddenAtMs && hiddenAtMs <= firstAtMs;

/**
 * Returns since when a person may be on the floor, as far as low sights showed more than a thing that was there before; undefined while
 * the last sight shows only that. A person who was seen to go down is where the thing is.
 */
export function lowSince({ thingAtMs, wentDown, seenAtMs }: Track): number | undefined {
  if (thingAtMs === undefined || wentDown === true) return Number.NEGATIVE_INFINITY;
  return thingAtMs === seenAtMs ? undefined : thingAtMs;
}
