import type { Track } from '../filter/track.ts';
import { frameZones, type Zone } from '../zones/zone.ts';
import type { AlarmContext } from './alarm-rules.ts';
import type { FallPolicy } from './fall-policy.ts';
import { followFalls } from './follow-falls.ts';
import { isUnexplained } from './missing.ts';
import { type RoomEffect, toPixels } from './room-effects.ts';
import type { FallDecisionState } from './room-state.ts';

/** What is configured for a room. `zones` undefined: never configured. */
export interface FallSettings {
  readonly policy: FallPolicy;
  readonly zones: readonly Zone[] | undefined;
}

export type RoomStep = readonly [state: FallDecisionState, effects: readonly RoomEffect[]];

export function alarmContext({ policy, zones }: FallSettings, image: FallDecisionState['image']): AlarmContext {
  return { policy, zones: frameZones(zones, image.width / image.height) };
}

/** Lets time pass: alarms that become due between looks, reminders, people out of sight for long. */
export function tickRoom(settings: FallSettings, state: FallDecisionState, atMs: number): RoomStep {
  const view = alarmContext(settings, state.image);
  const [falls, news] = followFalls(state, new Set(), atMs, view);
  const followed: FallDecisionState = { ...state, falls };
  return state.blindAtMs === undefined ? missPeople(followed, news, atMs, view) : [followed, news];
}

/** Reports people out of sight whom nothing explains, once. */
export function missPeople(
  state: FallDecisionState,
  news: readonly RoomEffect[],
  atMs: number,
  view: AlarmContext,
): RoomStep {
  const missing: RoomEffect[] = [];
  const tracks = state.tracks.map((track): Track => {
    const due = atMs - track.seenAtMs >= view.policy.notVisibleSeconds * 1000;
    if (!due || track.toldMissing || !isMissed(track, state, view)) return track;
    const box = toPixels(track.box, state.image);
    missing.push({ kind: 'person_not_visible', trackId: track.id, atMs, lastSeenAtMs: track.seenAtMs, box });
    return { ...track, toldMissing: true };
  });
  return [{ ...state, tracks }, [...news, ...missing]];
}

/** Out of sight, unexplained, not known to be on the floor, and not the person who appeared elsewhere in the same look. */
export const isMissed = (track: Track, { falls, tracks }: FallDecisionState, { zones }: AlarmContext): boolean =>
  isUnexplained(track, zones) &&
  !tracks.some(({ firstAtMs }) => firstAtMs === track.missingAtMs) &&
  !falls.some(({ kind, trackId }) => trackId === track.id && kind !== 'candidate');
