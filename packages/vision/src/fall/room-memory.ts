import { z } from 'zod';
import type { Box } from '../detection/detection.ts';
import { massOf, mergeCohorts } from '../filter/cohorts.ts';
import type { Place } from '../filter/movement.ts';
import type { StandingHeights } from '../filter/standing-height.ts';
import type { ByState } from '../filter/states.ts';
import { mostPlaces } from '../filter/things.ts';
import type { Track } from '../filter/track.ts';
import { alarmRules, alarmSeverities, type Fall, fallKinds } from './fall-state.ts';
import { emptyRoom, type FallDecisionState } from './room-state.ts';

/** Changes when the memory is written differently; a memory of another version is not taken over. */
const version = 2;
/** Bounds of what travels: together less than 8 kB. */
const mostTracks = 8;
const mostCohorts = 96;
const mostFalls = 6;
/** Belief and lengths are written with so many significant digits. */
const digits = 4;
const tiniest = 1e-6;

/** A time that a date can name. */
const time = z.number().min(-8.64e15).max(8.64e15);
const share = z.number().min(0).max(1);
const weight = z.number().min(0).max(1e9);
const length = z.number().min(-100).max(100);
const place = z.tuple([length, length]);
const box = z.tuple([length, length, length, length]);
const variance = z.number().min(0).max(1e4);
const covariance = z.number().min(-1e4).max(1e4);
const count = z.int().min(0).max(1e12);

const trackSchema = z.object({
  id: count,
  belief: z.tuple([share, share, share, share, share, share]),
  /** [ms before the last look, seen (1) or found (0), lying, sitting on the floor] */
  cohorts: z
    .array(z.tuple([z.number().min(0).max(1e10), z.union([z.literal(0), z.literal(1)]), share, share]))
    .max(mostCohorts),
  place,
  scale: z.number().positive().max(100),
  ownHeight: z.number().positive().max(100).optional(),
  ownFeet: length.optional(),
  box,
  confidence: share,
  firstAtMs: time,
  seenAtMs: time,
  sights: count,
  person: share,
  sure: z.boolean(),
  posture: z.tuple([share, share, share, share]),
  sameSights: weight,
  sameMisses: weight,
  low: share,
  walkedTo: place,
  restPlace: place,
  walkedAtMs: time,
  missingAtMs: time.optional(),
  toldMissing: z.boolean(),
  still: z.object({ sinceMs: time, box }).optional(),
  upAtMs: time.optional(),
  wholeAtMs: time.optional(),
  wentDown: z.boolean().optional(),
  thingAtMs: time.optional(),
  confirmed: z.boolean().optional(),
});

const fallSchema = z.object({
  id: z.string().min(1).max(64),
  kind: z.enum(fallKinds),
  trackId: count.optional(),
  lowAtMs: time,
  box,
  scale: z.number().positive().max(100),
  alarmAtMs: time.optional(),
  remindedAtMs: time.optional(),
  acknowledged: z.boolean(),
  resolvedAtMs: time.optional(),
  severity: z.enum(alarmSeverities).optional(),
  rule: z.enum(alarmRules).optional(),
  abrupt: z.boolean(),
  observed: z.boolean().optional(),
  lookedBack: z.boolean().optional(),
  seen: count,
  low: count,
  lying: count,
  missed: count,
  confidence: share,
  upAtMs: time.optional(),
  upLooks: count,
});

const memorySchema = z.object({
  version: z.literal(version),
  atMs: time,
  looks: count,
  intervalMs: z.number().min(0).max(8.64e15),
  image: z.tuple([z.number().positive().max(1e5), z.number().positive().max(1e5)]),
  nextTrackId: count,
  tracks: z.array(trackSchema).max(mostTracks),
  things: z.array(z.tuple([box, weight, time])).max(mostPlaces),
  /** [box, since, last seen]; earlier versions have none */
  lowPlaces: z
    .array(z.tuple([box, time, time]))
    .max(mostPlaces)
    .default([]),
  falls: z.array(fallSchema).max(mostFalls),
  /** [slope, offset, variance of the slope, variance of the offset, covariance] */
  heights: z.tuple([length, length, variance, variance, covariance]),
  burstAtMs: time.optional(),
  blindAtMs: time.optional(),
});
export type RoomMemory = z.infer<typeof memorySchema>;

/** Returns the state as compact JSON (less than 8 kB) for the next watcher; undefined: nothing to remember yet. */
export function saveRoom(state: FallDecisionState): RoomMemory | undefined {
  if (state.atMs === undefined) return undefined;
  const atMs = state.atMs;
  const tracks = [...state.tracks].sort((a, b) => importance(b, state) - importance(a, state)).slice(0, mostTracks);
  const cohortsEach = Math.floor(mostCohorts / Math.max(1, tracks.length));
  return {
    version,
    atMs,
    looks: state.looks,
    intervalMs: state.intervalMs,
    image: [state.image.width, state.image.height],
    nextTrackId: state.nextTrackId,
    tracks: tracks.map((track) => savedTrack(track, cohortsEach, atMs)),
    things: state.things
      .slice(-mostPlaces)
      .map((thing) => [savedBox(thing.box), rounded(thing.weight), thing.seenAtMs]),
    lowPlaces: state.lowPlaces.slice(-mostPlaces).map((place) => [savedBox(place.box), place.sinceMs, place.seenAtMs]),
    falls: state.falls
      .slice(-mostFalls)
      .map((fall) => ({ ...fall, box: exactBox(fall.box), scale: rounded(fall.scale) })),
    heights: savedHeights(state.heights),
    burstAtMs: state.burstAtMs,
    blindAtMs: state.blindAtMs,
  };
}

/**
 * Returns the state that another watcher left behind; undefined where it is absent, broken, absurd or of another version: then the room
 * starts anew. Never throws.
 */
export function restoreRoom(saved: unknown): FallDecisionState | undefined {
  const parsed = memorySchema.safeParse(saved);
  if (!parsed.success || isFromFuture(parsed.data)) return undefined;
  const {
    atMs,
    looks,
    intervalMs,
    image,
    nextTrackId,
    tracks,
    things,
    lowPlaces,
    falls,
    heights,
    burstAtMs,
    blindAtMs,
  } = parsed.data;
  return {
    ...emptyRoom(),
    atMs,
    looks,
    intervalMs,
    image: { width: image[0], height: image[1] },
    nextTrackId,
    tracks: tracks.map((track) => restoredTrack(track, atMs)),
    things: things.map(([thing, sum, seenAtMs]) => ({ box: restoredBox(thing), weight: sum, seenAtMs })),
    lowPlaces: lowPlaces.map(([place, sinceMs, seenAtMs]) => ({ box: restoredBox(place), sinceMs, seenAtMs })),
    falls: falls.map((fall): Fall => ({ ...fall, box: restoredBox(fall.box) })),
    heights: restoredHeights(heights),
    burstAtMs,
    blindAtMs,
  };
}

/** What was seen after the last look was not seen. */
const isFromFuture = ({ atMs, tracks, falls }: RoomMemory): boolean =>
  tracks.some(({ seenAtMs, firstAtMs }) => seenAtMs > atMs || firstAtMs > atMs) ||
  falls.some(({ lowAtMs }) => lowAtMs > atMs);

/** People on the floor first, then those seen last. */
const importance = (track: Track, { falls, atMs = 0 }: FallDecisionState): number =>
  (falls.some(({ trackId }) => trackId === track.id) ? 1e9 : 0) - (atMs - track.seenAtMs);

const rounded = (value: number): number => (Math.abs(value) < tiniest ? 0 : Number(value.toPrecision(digits)));
const savedBox = ({ x1, y1, x2, y2 }: Box): [number, number, number, number] => [
  rounded(x1),
  rounded(y1),
  rounded(x2),
  rounded(y2),
];
const restoredBox = ([x1, y1, x2, y2]: readonly [number, number, number, number]): Box => ({ x1, y1, x2, y2 });

const savedPlace = ({ x, y }: Place): [number, number] => [rounded(x), rounded(y)];
const restoredPlace = ([x, y]: readonly [number, number]): Place => ({ x, y });

/** The place of a fall is reported again by the next watcher, to a tenth of a pixel. */
const exactBox = ({ x1, y1, x2, y2 }: Box): [number, number, number, number] => [
  exactly(x1),
  exactly(y1),
  exactly(x2),
  exactly(y2),
];

/** Variances are small differences of large numbers: they keep more digits. */
const exactly = (value: number): number => Number(value.toPrecision(8));
const savedHeights = (heights: StandingHeights): RoomMemory['heights'] => [
  exactly(heights.slope),
  exactly(heights.offset),
  exactly(heights.slopeVariance),
  exactly(heights.offsetVariance),
  exactly(heights.covariance),
];
const restoredHeights = (saved: RoomMemory['heights']): StandingHeights => ({
  slope: saved[0],
  offset: saved[1],
  slopeVariance: saved[2],
  offsetVariance: saved[3],
  covariance: saved[4],
});

function savedTrack(track: Track, cohorts: number, atMs: number): RoomMemory['tracks'][number] {
  const known = mergeCohorts(
    track.cohorts.filter((cohort) => massOf(cohort) > tiniest),
    cohorts,
  );
  const { belief, posture } = track;
  return {
    ...track,
    belief: [belief.absent, belief.upright, belief.sitting, belief.inBed, belief.floorSitting, belief.lying].map(
      rounded,
    ) as RoomMemory['tracks'][number]['belief'],
    cohorts: known.map((cohort) => [
      Math.max(0, Math.round(atMs - cohort.sinceMs)),
      cohort.kind === 'seen' ? 1 : 0,
      rounded(cohort.lying),
      rounded(cohort.floorSitting),
    ]),
    place: savedPlace(track.place),
    scale: rounded(track.scale),
    ownHeight: track.ownHeight === undefined ? undefined : rounded(track.ownHeight),
    ownFeet: track.ownFeet === undefined ? undefined : rounded(track.ownFeet),
    box: savedBox(track.box),
    person: rounded(track.person),
    posture: [rounded(posture[0]), rounded(posture[1]), rounded(posture[2]), rounded(posture[3])],
    sameSights: rounded(track.sameSights),
    sameMisses: rounded(track.sameMisses),
    low: rounded(track.low),
    walkedTo: savedPlace(track.walkedTo),
    restPlace: savedPlace(track.restPlace),
    still: track.still && { sinceMs: Math.round(track.still.sinceMs), box: savedBox(track.still.box) },
  };
}

function restoredTrack(saved: RoomMemory['tracks'][number], atMs: number): Track {
  const [absent, upright, sitting, inBed, floorSitting, lying] = saved.belief;
  const belief: ByState = { absent, upright, sitting, inBed, floorSitting, lying };
  return {
    ...saved,
    belief,
    cohorts: saved.cohorts.map(([agoMs, seen, lyingMass, sittingMass]) => ({
      sinceMs: atMs - agoMs,
      kind: seen === 1 ? 'seen' : 'found',
      lying: lyingMass,
      floorSitting: sittingMass,
    })),
    place: restoredPlace(saved.place),
    box: restoredBox(saved.box),
    walkedTo: restoredPlace(saved.walkedTo),
    restPlace: restoredPlace(saved.restPlace),
    still: saved.still && { sinceMs: saved.still.sinceMs, box: restoredBox(saved.still.box) },
  };
}
