import type { ModelCalibration } from '../calibration/model-calibration.ts';
import type { Detection } from '../model/detection.ts';
import { matchTracks } from '../track/match.ts';
import type { Track } from '../track/track.ts';
import { distanceToBorder } from '../zones/zone-rules.ts';
import { requestBurst, requestTurnedPass } from './attention.ts';
import { isCalm, learnClutter, withoutClutter } from './clutter.ts';
import type { Sighting } from './episode.ts';
import { type FallEffect, type FallInput, stepFall } from './fall-machine.ts';
import type { FallPolicy } from './fall-policy.ts';
import { type Observation, toObservations } from './observation.ts';
import { mergeFalls } from './one-fall-a-place.ts';
import { learnHeight } from './reference-height.ts';
import { alarmContext, type RoomSettings, type RoomView, roomView, trackStanding } from './room-context.ts';
import { fallNews, type RoomEffect } from './room-effects.ts';
import type { RoomState } from './room-state.ts';
import { isFurniture, isTrusted, newTrack, predictTrack, seeTrack, sight } from './see-track.ts';
import { tickRoom } from './tick-room.ts';

/** One analysed frame. */
export interface FrameSeen {
  readonly atMs: number;
  /** Pixels of the camera's image. */
  readonly detections: readonly Detection[];
  readonly width: number;
  readonly height: number;
  /** Of the model that found them (`calibrationOf`). */
  readonly calibration?: ModelCalibration;
}

/** Who is who in the frame just observed: for the published detections. */
export interface PersonSeen {
  /** Place in the list of detections. */
  readonly index: number;
  readonly trackId: number;
  readonly posture: 'up' | 'low' | 'unsure' | 'bed';
}

export type Observed = readonly [state: RoomState, effects: readonly RoomEffect[], people: readonly PersonSeen[]];

/** A track of this frame: with what was seen of it, or without. */
interface TrackSeen {
  readonly track: Track;
  readonly seen?: { readonly observation: Observation; readonly sighting: Sighting };
}

/** Takes one analysed frame into a room's state. */
export function observeRoom(settings: RoomSettings, before: RoomState, frame: FrameSeen): Observed {
  const image = { width: frame.width, height: frame.height };
  const view = roomView(settings, image);
  const atMs = Math.max(frame.atMs, before.atMs ?? frame.atMs);
  const everything = toObservations(frame.detections, image, view.zones, view.policy, frame.calibration);
  const observations = withoutClutter(everything, before.clutter, view.policy);
  const started = beginFrame(before, image, atMs);
  const { seen, nextTrackId } = follow(started, before.atMs, observations, atMs, view);
  const tracks = seen.map(({ track }) => track);
  const empty = tracks.length === 0 ? { emptyAtMs: atMs } : {};
  const known: RoomState = { ...started, ...empty, tracks, nextTrackId, heights: learnHeights(started, seen, view) };

  const [stepped, effects] = stepFalls(known, before, seen, atMs, view);
  const clutter = isCalm(stepped.tracks)
    ? learnClutter(before.clutter, everything, stepped.tracks, atMs, view.policy)
    : before.clutter;
  const { tracks: merged, absorbed } = mergeFalls(
    stepped.tracks,
    (track) => trackStanding(track, stepped, view.policy),
    view.policy,
  );
  const whose = (id: number) => absorbed.find(({ from }) => from === id)?.into ?? id;
  const news = effects
    .filter(({ track }) => whose(track.id) === track.id)
    .flatMap(({ effect, track }) => fallNews(effect, track, atMs, image));
  const [burst, burstEffects] = requestBurst(
    { ...stepped, clutter, tracks: merged },
    effects.map(({ effect }) => effect),
    atMs,
    view,
  );
  const scores = new Map(seen.map((one) => [one.track.id, one.seen?.sighting.score ?? 0]));
  const [turned, turnedEffects] = requestTurnedPass(burst, scores, view);
  const [done, later] = tickRoom(settings, turned, atMs);
  const people = seen.flatMap(({ track, seen: here }) =>
    here ? [{ index: here.observation.index, trackId: whose(track.id), posture: track.stance }] : [],
  );
  return [done, [...news, ...burstEffects, ...turnedEffects, ...later], people];
}

/** Time and rate: the interval is learned outside bursts and gaps. After blindness nobody counts as having just vanished. */
function beginFrame(before: RoomState, image: RoomState['image'], atMs: number): RoomState {
  const { blindAtMs, resumed = false, ...state } = before;
  const elapsed = before.atMs === undefined ? 0 : atMs - before.atMs;
  const inBurst = before.burstEndAtMs !== undefined && atMs <= before.burstEndAtMs;
  const odd = inBurst || resumed || blindAtMs !== undefined || elapsed === 0;
  const intervalMs = odd ? before.intervalMs : elapsed;
  const tracks = blindAtMs === undefined ? state.tracks : state.tracks.filter(({ fall }) => fall.kind !== 'none');
  return { ...state, tracks, image, atMs, intervalMs };
}

/** Matches the frame's people with the tracks and starts tracks for new ones. */
function follow(
  state: RoomState,
  lastAtMs: number | undefined,
  observations: readonly Observation[],
  atMs: number,
  view: RoomView,
) {
  const { policy } = view;
  const elapsedMs = atMs - (lastAtMs ?? atMs);
  const predicted = state.tracks.map((track) => predictTrack(track, elapsedMs, policy));
  const context = {
    atMs,
    elapsedMs,
    intervalMs: state.intervalMs,
    standing: (track: Track) => trackStanding(track, state, policy),
  };
  const matches = matchTracks(predicted, observations, context, policy);
  const seen: TrackSeen[] = predicted.map((track, index) => {
    const match = matches.find((one) => one.track === index);
    const observation = match && observations[match.observation];
    const found = observation && look(track, observation, atMs, state, view);
    // A foot or a hand does not move the place of somebody who lies.
    const isPart = found?.seen?.sighting.posture === 'part' && track.fall.kind !== 'none';
    return found && !isPart ? found : { track: { ...track, missingAtMs: track.missingAtMs ?? atMs } };
  });
  let { nextTrackId } = state;
  for (const [index, observation] of observations.entries()) {
    if (!starts(observation, policy) || matches.some((one) => one.observation === index)) continue;
    seen.push(look(newTrack(nextTrackId, observation, atMs, policy), observation, atMs, state, view));
    nextTrackId += 1;
  }
  return { seen, nextTrackId };
}

/** Is this find good enough to be somebody new? */
const starts = ({ confidence, turned }: Observation, { observation }: FallPolicy): boolean =>
  !turned && confidence >= observation.startConfidence;

function look(track: Track, observation: Observation, atMs: number, state: RoomState, view: RoomView): TrackSeen {
  const sighting = sight(track, observation, atMs, { ...view, heights: state.heights });
  return { track: seeTrack(track, observation, sighting, view.policy), seen: { observation, sighting } };
}

/** Heights are learned from people who surely stand, wholly in the picture. */
function learnHeights(state: RoomState, seen: readonly TrackSeen[], { policy, zones }: RoomView): RoomState['heights'] {
  const standing = seen.filter(
    ({ track, seen: here }) =>
      here?.sighting.posture === 'up' &&
      here.observation.confidence >= policy.heights.learnConfidence &&
      track.observations >= policy.observation.knownObservations &&
      distanceToBorder(track.box, zones, policy) > 0,
  );
  return standing.reduce((heights, { track }) => learnHeight(heights, track.box, policy), state.heights);
}

/** Every track's machine takes its sighting or its miss. */
function stepFalls(known: RoomState, before: RoomState, seen: readonly TrackSeen[], atMs: number, view: RoomView) {
  const effects: { effect: FallEffect; track: Track }[] = [];
  const tracks = seen.map(({ track, seen: here }): Track => {
    const old = before.tracks.find(({ id }) => id === track.id);
    const input: FallInput =
      here && here.sighting.posture !== 'part'
        ? {
            kind: 'sighting',
            sighting: calm(here.sighting, track, atMs, view.policy),
            abrupt: isAbrupt(old, atMs, known, view.policy),
            cameIn: hasComeIn(atMs, known, view.policy),
            fallId: `${track.id}-${Math.round(atMs)}`,
          }
        : { kind: 'miss' };
    const [fall, told] = stepFall(track.fall, input, alarmContext(track, known, view, atMs), view.policy);
    effects.push(...told.map((effect) => ({ effect, track })));
    return { ...track, fall };
  });
  return [{ ...known, tracks }, effects] as const;
}

/** Furniture raises nothing. */
function calm(sighting: Sighting, track: Track, atMs: number, policy: FallPolicy): Sighting {
  return track.fall.kind === 'none' && isFurniture(track, atMs, policy) ? { ...sighting, posture: 'unsure' } : sighting;
}

/** Up or in bed just before: within `abruptSeconds` or two sampling intervals, or as the last thing seen of the person. */
function isAbrupt(old: Track | undefined, atMs: number, room: RoomState, policy: FallPolicy): boolean {
  if (!old || !isTrusted(old, policy)) return false;
  const wasLast = old.stance === 'up' || old.stance === 'bed';
  if (wasLast && atMs - old.seenAtMs <= policy.timing.abruptUnseenSeconds * 1000) return true;
  return isJustBefore(old.upAtMs, atMs, room, policy) || isJustBefore(old.bedAtMs, atMs, room, policy);
}

/**
 * Nobody at all was there just before, and the looks are rare: who lies on the floor now came in on their feet, though hardly
 * a frame shows it.
 */
function hasComeIn(atMs: number, room: RoomState, policy: FallPolicy): boolean {
  const rare = room.intervalMs >= policy.timing.cameInIntervalSeconds * 1000;
  return rare && isJustBefore(room.emptyAtMs, atMs, room, policy);
}

function isJustBefore(thenMs: number | undefined, atMs: number, { intervalMs }: RoomState, policy: FallPolicy) {
  const limitMs = Math.max(policy.timing.abruptSeconds * 1000, policy.timing.abruptIntervals * intervalMs);
  return thenMs !== undefined && atMs - thenMs <= limitMs;
}
