import { calibrationOf } from '../calibration/known-calibrations.ts';
import type { ModelCalibration } from '../calibration/model-calibration.ts';
import type { Detection } from '../detection/detection.ts';
import { toPersonDetections } from '../filter/person-detection.ts';
import { learnStandingHeight, standingHeight } from '../filter/standing-height.ts';
import { type ByState, states } from '../filter/states.ts';
import { type Seen, stepPeople } from '../filter/step-people.ts';
import type { TaughtThings } from '../filter/taught-things.ts';
import { frameWeight } from '../filter/tempering.ts';
import type { Track } from '../filter/track.ts';
import { jointCount } from '../posture/body-points.ts';
import type { AlarmContext } from './alarm-rules.ts';
import { closeFramesMs } from './close-frames.ts';
import { followFalls } from './follow-falls.ts';
import type { RoomEffect } from './room-effects.ts';
import { emptyRoom, type FallDecisionState } from './room-state.ts';
import { alarmContext, type FallSettings, isMissed, missPeople } from './tick-room.ts';

/** One analysed frame. */
export interface FrameSeen {
  readonly atMs: number;
  /** Pixels of the camera's frame. */
  readonly detections: readonly Detection[];
  readonly width: number;
  readonly height: number;
  /** The model was shown the frame mirrored left to right. */
  readonly mirrored?: boolean | undefined;
  /** What the model's confidences mean; absent: cautious values for any model. */
  readonly calibration?: ModelCalibration | undefined;
}

/** Who is who in the frame just observed: for the published detections. */
export interface PersonSeen {
  /** Place in the list of detections. */
  readonly index: number;
  readonly trackId: number;
  readonly posture: 'up' | 'sitting' | 'low' | 'bed' | 'unsure';
}

export type RoomObservation = readonly [
  state: FallDecisionState,
  effects: readonly RoomEffect[],
  people: readonly PersonSeen[],
];

const anyCalibration = calibrationOf('', undefined).calibration;

/** A state from so far in the future is not this room's: the clock or the memory was wrong, and the room starts anew. */
const futureMs = 3_600_000;

/** Takes one analysed frame into a room's state. */
export function observeRoom(settings: FallSettings, given: FallDecisionState, frame: FrameSeen): RoomObservation {
  const before = (given.atMs ?? frame.atMs) - frame.atMs > futureMs ? emptyRoom() : given;
  const image = { width: frame.width, height: frame.height };
  const view = alarmContext(settings, image);
  const atMs = Math.max(frame.atMs, before.atMs ?? frame.atMs);
  const detections = toPersonDetections(frame.detections, {
    frame: image,
    zones: view.zones,
    calibration: frame.calibration ?? anyCalibration,
    standingHeight: (y) => standingHeight(before.heights, y),
  });
  const taught: TaughtThings = {
    boxes: view.zones.things,
    hasJoints: frame.detections.some(({ keypoints = [] }) => keypoints.length >= jointCount),
    answered: new Set(
      before.falls.flatMap(({ kind, trackId }) => (kind === 'quiet' && trackId !== undefined ? [trackId] : [])),
    ),
  };
  const [people, seen] = stepPeople(before, detections, {
    atMs,
    mirrored: frame.mirrored === true,
    hasBed: view.zones.beds.length > 0,
    taught,
    fallen: before.falls.flatMap(({ kind, trackId }) => {
      const track = before.tracks.find(({ id }) => id === trackId);
      return track !== undefined && kind === 'alarm' ? [track] : [];
    }),
  });
  const stepped: FallDecisionState = {
    atMs,
    looks: people.looks,
    intervalMs: before.atMs === undefined ? 0 : atMs - before.atMs,
    image,
    nextTrackId: people.nextTrackId,
    tracks: before.blindAtMs === undefined ? people.tracks : people.tracks.map(afterBlindness),
    things: people.things,
    lowPlaces: people.lowPlaces,
    falls: before.falls,
    heights: learnHeights(before, people.tracks, seen, atMs),
    burstAtMs: before.burstAtMs,
    blindAtMs: undefined,
  };
  const remembered = forget(stepped, atMs, view);
  const looked = new Set(remembered.tracks.map(({ id }) => id));
  const [falls, news] = followFalls(remembered, looked, atMs, view);
  const [bursting, requests] = requestBurst({ ...remembered, falls }, before, atMs, view);
  const closer = [...requests, ...requestLookBack(bursting, before, atMs, news)];
  const [done, effects] = missPeople(bursting, [...news, ...closer], atMs, view);
  return [done, effects, whoIsWho(done, seen)];
}

/** No person counts as having vanished while the camera showed nothing. */
const afterBlindness = (track: Track): Track =>
  track.missingAtMs === undefined ? track : { ...track, toldMissing: true };

/** Forgets people who have left; not before those were reported whom nothing explains. */
function forget(state: FallDecisionState, atMs: number, view: AlarmContext): FallDecisionState {
  const waits = (track: Track) =>
    !track.toldMissing &&
    atMs - track.seenAtMs <= view.policy.notVisibleSeconds * 1000 + 2 * state.intervalMs &&
    isMissed(track, state, view);
  return { ...state, tracks: state.tracks.filter((track) => !isGone(track, atMs) || waits(track)) };
}

/** A person has left at this belief of being absent, or when unseen for so long. */
const absentBelief = 0.97;
const forgottenAfterMs = 600_000;

const isGone = ({ belief, seenAtMs }: Track, atMs: number): boolean =>
  belief.absent >= absentBelief || atMs - seenAtMs >= forgottenAfterMs;

/** Heights are learned from people who surely stand, with their ankles in sight. */
const standsBelief = 0.9;
const standsPosture = 0.85;
const surePerson = 0.8;

function learnHeights(
  before: FallDecisionState,
  tracks: readonly Track[],
  seen: readonly Seen[],
  atMs: number,
): FallDecisionState['heights'] {
  const weight = before.atMs === undefined ? 0 : frameWeight((atMs - before.atMs) / 1000);
  return seen.reduce((heights, { detection, trackId }) => {
    const track = tracks.find(({ id }) => id === trackId);
    const stands =
      track !== undefined &&
      track.belief.upright > standsBelief &&
      detection.posture[0] > standsPosture &&
      detection.anklesSeen;
    return stands && detection.strong && detection.person > surePerson
      ? learnStandingHeight(heights, detection.box, weight)
      : heights;
  }, before.heights);
}

/** A fall that begins asks for a burst, where no fall is known yet. */
function requestBurst(
  state: FallDecisionState,
  before: FallDecisionState,
  atMs: number,
  { policy }: AlarmContext,
): readonly [FallDecisionState, RoomEffect[]] {
  const isNew = state.falls.some(({ id }) => !before.falls.some((old) => old.id === id));
  const isKnown = before.falls.some(({ kind }) => kind === 'down' || kind === 'alarm');
  const pausedUntilMs = (state.burstAtMs ?? Number.NEGATIVE_INFINITY) + policy.burstPauseSeconds * 1000;
  if (!isNew || isKnown || atMs < pausedUntilMs) return [state, []];
  const burst: RoomEffect = {
    kind: 'burst',
    fps: policy.burstFps,
    seconds: policy.burstSeconds,
    lateSeconds: policy.burstLateSeconds,
    reason: 'low',
  };
  return [{ ...state, burstAtMs: atMs }, [burst]];
}

/** A person who was up or on a chair with this belief, and is missed in a frame, may have fallen where the model sees nothing. */
const upBelief = 0.5;

/** Frames between this one and the one before would show more: a fall may have begun, or a person has vanished while no other came into view. */
function requestLookBack(
  state: FallDecisionState,
  before: FallDecisionState,
  atMs: number,
  news: readonly RoomEffect[],
): RoomEffect[] {
  if (before.atMs === undefined || before.blindAtMs !== undefined || atMs - before.atMs < closeFramesMs) return [];
  const isNew = state.falls.some(({ id }) => !before.falls.some((old) => old.id === id));
  if (isNew || news.some(({ kind }) => kind === 'suspected')) {
    return [{ kind: 'look_back', reason: 'low' }];
  }
  const vanished = before.tracks.some(
    ({ id, sure, belief, missingAtMs }) =>
      sure &&
      missingAtMs === undefined &&
      belief.upright + belief.sitting > upBelief &&
      state.tracks.find((track) => track.id === id)?.missingAtMs === atMs,
  );
  const came = state.tracks.some(({ firstAtMs }) => firstAtMs === atMs);
  return vanished && !came ? [{ kind: 'look_back', reason: 'vanished' }] : [];
}

/** The state with more than half of the belief names the posture. */
const named: Readonly<Record<keyof ByState, PersonSeen['posture']>> = {
  absent: 'unsure',
  upright: 'up',
  sitting: 'sitting',
  inBed: 'bed',
  floorSitting: 'low',
  lying: 'low',
};

function whoIsWho({ tracks }: FallDecisionState, seen: readonly Seen[]): PersonSeen[] {
  return seen.flatMap(({ detection, trackId }): PersonSeen[] => {
    const track = tracks.find(({ id }) => id === trackId);
    if (track === undefined) return [];
    const onFloor = track.belief.lying + track.belief.floorSitting;
    const likely = states.find((state) => track.belief[state] > 0.5);
    const posture = onFloor > 0.5 ? 'low' : likely === undefined ? 'unsure' : named[likely];
    return [{ index: detection.index, trackId, posture }];
  });
}
