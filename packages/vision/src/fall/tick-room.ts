import type { Track } from '../filter/track.ts';
import { roomZones, type Zone } from '../zones/zone.ts';
import type { RoomView } from './alarm-rules.ts';
import type { FallPolicy } from './fall-policy.ts';
import { followFalls } from './follow-falls.ts';
import { isUnexplained } from './missing.ts';
import { type RoomEffect, toPixels } from './room-effects.ts';
import type { RoomState } from './room-state.ts';

/** What is configured for a room. `zones` undefined: never configured. */
export interface RoomSettings {
  readonly policy: FallPolicy;
  readonly zones: readonly Zone[] | undefined;
}

export type RoomStep = readonly [state: RoomState, effects: readonly RoomEffect[]];

export function roomView({ policy, zones }: RoomSettings, image: RoomState['image']): RoomView {
  return { policy, zones: roomZones(zones, image.width / image.height) };
}

/** Lets time pass: alarms that become due between looks, reminders, people out of sight for long. */
export function tickRoom(settings: RoomSettings, state: RoomState, atMs: number): RoomStep {
  const view = roomView(settings, state.image);
  const [falls, news] = followFalls(state, new Set(), atMs, view);
  const followed: RoomState = { ...state, falls };
  return state.blindAtMs === undefined ? missPeople(followed, news, atMs, view) : [followed, news];
}

/** Reports people out of sight whom nothing explains, once. */
export function missPeople(state: RoomState, news: readonly RoomEffect[], atMs: number, view: RoomView): RoomStep {
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
export const isMissed = (track: Track, { falls, tracks }: RoomState, { zones }: RoomView): boolean =>
  isUnexplained(track, zones) &&
  !tracks.some(({ firstAtMs }) => firstAtMs === track.missingAtMs) &&
  !falls.some(({ kind, trackId }) => trackId === track.id && kind !== 'candidate');
