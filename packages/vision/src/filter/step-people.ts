import { boxArea, intersectionArea } from '../detection/box.ts';
import type { Box } from '../detection/detection.ts';
import { associate } from './associate.ts';
import { type Fallen, type LowPlace, markLow, rememberLowPlaces } from './low-places.ts';
import type { PersonDetection } from './person-detection.ts';
import { isConfirmed, markConfirmed, noTaughtThings, type TaughtThings, thingsThatCount } from './taught-things.ts';
import { frameWeight } from './tempering.ts';
import { isAmong, isKnownThing, isThingAt, rememberThings, type Thing, touchesThing } from './things.ts';
import type { Track } from './track.ts';
import { transitionsAfter } from './transition-rates.ts';
import { missedTrack, newTrack, seenTrack, sureScore, type TrackStep } from './update-track.ts';

/** The people of a room and the things that look like people. */
export interface People {
  /** Last look; undefined: the room was never looked at. */
  readonly atMs?: number | undefined;
  readonly looks: number;
  readonly nextTrackId: number;
  readonly tracks: readonly Track[];
  readonly things: readonly Thing[];
  /** Where something low was seen. */
  readonly lowPlaces: readonly LowPlace[];
}

/** Which track a sight belongs to. */
export interface Seen {
  readonly detection: PersonDetection;
  readonly trackId: number;
}

/** A second box on one body: so much of it lies in a box that a person just took. */
const partOfBody = 0.6;
/** From this frame on, a person whose first sight is low came and fell between two frames; before, they may have lain there. */
const knownFrames = 3;
const leastStepSeconds = 1e-3;

/** Takes one look at a room into what is known of its people. */
export function stepPeople(
  people: People,
  detections: readonly PersonDetection[],
  look: Pick<TrackStep, 'atMs' | 'mirrored' | 'hasBed'> & {
    readonly taught?: TaughtThings | undefined;
    /** People whose fall raised an alarm. */
    readonly fallen?: readonly Fallen[] | undefined;
  },
): [People, Seen[]] {
  const { atMs, mirrored, hasBed, taught = noTaughtThings, fallen = [] } = look;
  const isFirst = people.atMs === undefined;
  const elapsedSeconds = isFirst ? 0 : Math.max(leastStepSeconds, (atMs - (people.atMs ?? atMs)) / 1000);
  const transitions = transitionsAfter(elapsedSeconds);
  const weight = isFirst ? 1 : frameWeight(elapsedSeconds);
  const taughtThings = thingsThatCount(taught, people.tracks, atMs);
  const before = [...people.things, ...taughtThings];
  const step: TrackStep = { atMs, mirrored, transitions, elapsedSeconds, weight, hasBed, things: before };
  const links = associate(people.tracks, detections, { transitions, elapsedSeconds, things: before });
  // What people taught the room has rules of its own.
  const untaught = people.lowPlaces.filter(({ box }) => !isAmong(box, taught.boxes));
  const boxes = detections.map(({ box }) => box);
  const tracks = people.tracks.map((track, index) => {
    const link = links[index];
    if (link) return markLow(seenTrack(track, link, step), link.detection, untaught, track);
    // In the place of the person this look shows only the thing that was known there before.
    const thing = detections.find(({ strong, box }) => !strong && isThingAt(box, track.box, before));
    return missedTrack(track, boxes, step, thing?.person);
  });
  const seen = people.tracks.flatMap((track, index): Seen[] => {
    const link = links[index];
    return link ? [{ detection: link.detection, trackId: track.id }] : [];
  });
  const free = detections.filter((detection) => !links.some((link) => link?.detection.index === detection.index));
  const weakBoxes = free.filter(({ strong }) => !strong).map(({ box }) => box);
  const things = rememberThings(people.things, weakBoxes, weight, atMs);
  let { nextTrackId } = people;
  const looks = people.looks + 1;
  for (const detection of free) {
    if (!detection.strong || isPart(detection.box, seen)) continue;
    const wasUnseen = looks >= knownFrames && detection.person >= sureScore && !touchesThing(detection.box, things);
    const born = newTrack(nextTrackId, detection, step, wasUnseen);
    tracks.push(markLow(born, detection, untaught, born));
    seen.push({ detection, trackId: nextTrackId });
    nextTrackId += 1;
  }
  const marked = tracks.map((track) => markConfirmed(track, taught));
  const countNow = thingsThatCount(taught, marked, atMs);
  // A taught thing that is seen clearly is not remembered: where its zone yields, or is removed, nothing of it remains.
  const kept = marked.filter((track) => isKept(track, things) && !isTaughtThing(track, countNow, taught));
  const lowPlaces = rememberLowPlaces(people.lowPlaces, detections, fallen, atMs);
  return [{ atMs, looks: Math.min(looks, knownFrames), nextTrackId, tracks: kept, things, lowPlaces }, seen];
}

const isPart = (box: Box, seen: readonly Seen[]): boolean =>
  seen.some(({ detection }) => intersectionArea(detection.box, box) > partOfBody * boxArea(box));

/** A track that was never surely a person ends where a thing turned out to look like one. */
const isKept = (track: Track, things: readonly Thing[]): boolean => track.sure || !isKnownThing(track.box, things);

/** A track at the place of a taught thing is that thing until it is confirmed as a person. */
const isTaughtThing = (track: Track, things: readonly Thing[], taught: TaughtThings): boolean =>
  isKnownThing(track.box, things) && !isConfirmed(track, taught) && !taught.answered.has(track.id);
