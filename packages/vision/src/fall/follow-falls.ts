import { boxCentre } from '../detection/box.ts';
import { offFloor } from '../filter/states.ts';
import type { Track } from '../filter/track.ts';
import { type AlarmContext, alarmOf, floorSince, isAttended, suspicionOf, wasSeenToFall } from './alarm-rules.ts';
import type { Fall } from './fall-state.ts';
import { fallEffect, type RoomEffect } from './room-effects.ts';
import type { FallDecisionState } from './room-state.ts';

/** No second alarm within so many body scales of one that stands, or that was raised this short ago: parts of one body, helpers. */
const sameFallScales = 1.5;
const sameFallMs = 600_000;
/** A fall that a person resolved can be open again for so long: the verdict may be taken back. */
const restorableMs = 600_000;
/** Up again: off the floor with this belief, in so many looks; in one more when it takes an alarm back. */
const upBelief = 0.9;
const upLooks = 2;
const upLooksAfterAlarm = 3;
/** A look is low from half of lying on, and lying from half of that posture on. */
const lowLook = 0.5;
/** Frames so close together show a fall while it happens, ms. */
const observedMs = 1000;
/** So many falls are kept, the latest. */
const mostFalls = 6;

/** A fall after one step, and what is to be reported of it. */
interface Followed {
  readonly fall: Fall | undefined;
  readonly news: readonly RoomEffect[];
}

/**
 * Follows the falls of a room: suspected, raised, reminded of and ended by what is believed of its people now.
 * @param looked ids of the tracks that a look has just shown or missed; empty when only time has passed
 */
export function followFalls(
  state: FallDecisionState,
  looked: ReadonlySet<number>,
  atMs: number,
  view: AlarmContext,
): readonly [falls: Fall[], news: RoomEffect[]] {
  const news: RoomEffect[] = [];
  const falls: Fall[] = [];
  for (const before of state.falls) {
    const fall = reattached(before, state, atMs);
    const track = state.tracks.find(({ id }) => id === fall.trackId);
    const step = track
      ? followOne(looked.has(track.id) ? counted(fall, track, atMs) : fall, track, state, atMs, view)
      : withoutTrack(fall, atMs, state, view);
    if (step.fall) {
      falls.push(step.fall);
    }
    news.push(...step.news);
  }
  for (const track of state.tracks) {
    if (falls.some(({ trackId }) => trackId === track.id)) continue;
    if (suspicionOf(track) < view.policy.burstProbability) continue;
    // Reported one step later at the earliest: another watcher of the room then knows it by the same name.
    falls.push(openedFall(track, state, atMs));
  }
  return [falls.slice(-mostFalls), news];
}

function openedFall(track: Track, { intervalMs }: FallDecisionState, atMs: number): Fall {
  const lowAtMs = floorSince(track, atMs);
  const abrupt = wasSeenToFall(track);
  return {
    id: `${track.id}-${Math.round(lowAtMs)}`,
    kind: 'candidate',
    trackId: track.id,
    lowAtMs,
    box: track.box,
    scale: track.scale,
    alarmAtMs: undefined,
    remindedAtMs: undefined,
    acknowledged: false,
    severity: undefined,
    rule: undefined,
    abrupt,
    observed: abrupt && intervalMs <= observedMs ? true : undefined,
    seen: 1,
    low: track.low >= lowLook ? 1 : 0,
    lying: track.posture[3] >= lowLook ? 1 : 0,
    missed: 0,
    confidence: track.confidence,
    upAtMs: undefined,
    upLooks: 0,
  };
}

/** Counts one look. */
function counted(fall: Fall, track: Track, atMs: number): Fall {
  if (track.missingAtMs !== undefined) return { ...fall, missed: fall.missed + 1 };
  const isUp = offFloor(track.belief) > upBelief;
  const isLow = track.low >= lowLook;
  return {
    ...fall,
    box: isLow ? track.box : fall.box,
    scale: isLow ? track.scale : fall.scale,
    seen: fall.seen + 1,
    low: fall.low + (isLow ? 1 : 0),
    lying: fall.lying + (track.posture[3] >= lowLook ? 1 : 0),
    confidence: track.confidence,
    upAtMs: isUp ? (fall.upAtMs ?? atMs) : undefined,
    upLooks: isUp ? fall.upLooks + 1 : 0,
  };
}

function followOne(fall: Fall, track: Track, state: FallDecisionState, atMs: number, view: AlarmContext): Followed {
  const { policy } = view;
  if (isRecovered(fall, atMs, view)) return ended(fall, atMs, state);
  const suspicion = suspicionOf(track);
  switch (fall.kind) {
    case 'quiet':
      return { fall, news: [] };
    case 'alarm':
      return reminded(fall, atMs, state, view);
    case 'candidate': {
      if (suspicion < policy.burstProbability) return { fall: undefined, news: [] };
      if (suspicion < policy.suspectedProbability) return { fall, news: [] };
      const lowAtMs = Math.min(atMs, floorSince(track, atMs));
      const down: Fall = { ...fall, kind: 'down', lowAtMs, abrupt: wasSeenToFall(track) };
      const raised = raisedAlarm(down, track, state, atMs, view);
      return { fall: raised.fall, news: [fallEffect(down, 'suspected', atMs, state.image), ...raised.news] };
    }
    case 'down':
      return raisedAlarm(fall, track, state, atMs, view);
  }
}

function raisedAlarm(fall: Fall, track: Track, state: FallDecisionState, atMs: number, view: AlarmContext): Followed {
  const isSeen = { isAttended: isAttended(track, fall, state.tracks), isObserved: fall.observed === true };
  const alarm = alarmOf(track, atMs, isSeen, view);
  if (alarm === undefined || isPartOfAnother(fall, track, state.falls, atMs)) return { fall, news: [] };
  const raised: Fall = {
    ...fall,
    kind: 'alarm',
    alarmAtMs: atMs,
    remindedAtMs: atMs,
    severity: alarm.severity,
    rule: alarm.rule,
  };
  return { fall: raised, news: [fallEffect(raised, 'detected', atMs, state.image)] };
}

function isPartOfAnother(fall: Fall, track: Track, falls: readonly Fall[], atMs: number): boolean {
  return falls.some(
    (other) =>
      other.id !== fall.id &&
      (other.kind === 'alarm' || isQuietPlace(other, atMs)) &&
      (other.trackId === undefined || atMs - (other.alarmAtMs ?? other.lowAtMs) < sameFallMs) &&
      isNear(other, track),
  );
}

function isNear(fall: Fall, track: Track): boolean {
  const there = boxCentre(fall.box);
  const distance = Math.hypot(there.x - track.place.x, there.y - track.place.y);
  return distance < sameFallScales * Math.max(fall.scale, track.scale);
}

function isRecovered(fall: Fall, atMs: number, { policy }: AlarmContext): boolean {
  const wanted = fall.kind === 'alarm' ? upLooksAfterAlarm : upLooks;
  return fall.upAtMs !== undefined && fall.upLooks >= wanted && atMs - fall.upAtMs >= policy.recoverSeconds * 1000;
}

/** A fall that was not reported ends without a message. */
const ended = (fall: Fall, atMs: number, { image }: FallDecisionState): Followed => ({
  fall: undefined,
  news: fall.kind === 'down' || fall.kind === 'alarm' ? [fallEffect(fall, 'recovered', atMs, image)] : [],
});

function reminded(fall: Fall, atMs: number, { image }: FallDecisionState, { policy }: AlarmContext): Followed {
  const due = atMs - (fall.remindedAtMs ?? atMs) >= policy.reminderSeconds * 1000;
  if (fall.acknowledged || !due) return { fall, news: [] };
  return { fall: { ...fall, remindedAtMs: atMs }, news: [fallEffect(fall, 'reminder', atMs, image)] };
}

/** A person whose track was dropped: an alarm stands until it is resolved, a suspicion ends. */
function withoutTrack(fall: Fall, atMs: number, state: FallDecisionState, view: AlarmContext): Followed {
  if (fall.kind === 'alarm') return reminded(fall, atMs, state, view);
  if (fall.kind === 'quiet') {
    const isRestorable = atMs - (fall.resolvedAtMs ?? fall.lowAtMs) < restorableMs;
    return { fall: isRestorable || isQuietPlace(fall, atMs) ? fall : undefined, news: [] };
  }
  return ended(fall, atMs, state);
}

/** Is a resolved fall still the reason of what is seen at its place? */
const isQuietPlace = ({ kind, trackId, lowAtMs }: Fall, atMs: number): boolean =>
  kind === 'quiet' && (trackId !== undefined || atMs - lowAtMs < sameFallMs);

/** A fall whose track was dropped belongs to a person who is low at the same place later. */
function reattached(fall: Fall, state: FallDecisionState, atMs: number): Fall {
  if (state.tracks.some(({ id }) => id === fall.trackId)) return fall;
  if (fall.kind === 'quiet' && !isQuietPlace(fall, atMs)) return { ...fall, trackId: undefined };
  const found = state.tracks.find(
    (track) =>
      track.seenAtMs === atMs &&
      suspicionOf(track) >= lowLook &&
      isNear(fall, track) &&
      !state.falls.some(({ kind, trackId }) => trackId === track.id && (kind === 'alarm' || kind === 'quiet')),
  );
  return { ...fall, trackId: found?.id };
}
