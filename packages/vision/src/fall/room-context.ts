import { lowPlace, type Track } from '../track/track.ts';
import { type RoomZones, roomZones, type Zone } from '../zones/zone.ts';
import { distanceToDoor } from '../zones/zone-rules.ts';
import type { AlarmContext } from './alarm-rules.ts';
import type { FallPolicy } from './fall-policy.ts';
import type { RoomState } from './room-state.ts';
import { isFurniture, isTrusted, standingAt } from './see-track.ts';

/** What is configured for a room. `zones` undefined: nobody ever configured any. */
export interface RoomSettings {
  readonly policy: FallPolicy;
  readonly zones: readonly Zone[] | undefined;
}

/** A room's settings in the units of its picture. */
export interface RoomView {
  readonly policy: FallPolicy;
  readonly zones: RoomZones;
}

export function roomView({ policy, zones }: RoomSettings, image: RoomState['image']): RoomView {
  return { policy, zones: roomZones(zones, image.width / image.height) };
}

/** Height of a standing person where a track is; the box's longer side where nothing is known. */
export function trackStanding(track: Track, state: Pick<RoomState, 'heights'>, policy: FallPolicy): number {
  const { box } = track;
  return standingAt(box, track, state.heights, policy) ?? Math.max(box.x2 - box.x1, box.y2 - box.y1);
}

/** What the fall machine must know of a track's surroundings. */
export function alarmContext(track: Track, state: RoomState, view: RoomView, atMs: number): AlarmContext {
  const standing = trackStanding(track, state, view.policy);
  return {
    atMs,
    nearExit: mayHaveLeft(track, standing, view),
    attended: isAttended(track, standing, state, view, atMs),
    othersUp: isSomebodyUp(track, state),
    roomAlarmed: state.tracks.some(({ id, fall }) => id !== track.id && fall.kind === 'alarm'),
    zonesConfigured: view.zones.configured,
    intervalMs: state.intervalMs,
  };
}

/** Has anybody else been up since this one was last seen low? It may be the same person under a new number. */
function isSomebodyUp({ id, fall }: Track, { tracks }: RoomState): boolean {
  return (
    fall.kind !== 'none' && tracks.some((other) => other.id !== id && (other.upAtMs ?? 0) > fall.episode.lastLowAtMs)
  );
}

/**
 * Low and out of sight, with a door or a side of the picture right there; seen low but once, with one as near as a
 * person can get up and walk between two frames. The lower border is no way out: who gets up there is still seen.
 */
function mayHaveLeft(track: Track, standing: number, { policy, zones }: RoomView): boolean {
  const seconds = ((track.missingAtMs ?? track.seenAtMs) - track.seenAtMs) / 1000 - policy.timing.riseSeconds;
  const once = track.fall.kind === 'candidate';
  const reach = once ? Math.max(0, policy.matching.gateHeightsPerSecond * seconds * standing) : 0;
  return distanceToDoor(lowPlace(track) ?? track.box, zones, policy) <= reach;
}

/**
 * A second person, upright, within reach of the one who lies, who was seen to come since the fall: at another place after
 * it, and now here. Not another in a chair, nor a chair that is taken for who stood there before.
 */
function isAttended(track: Track, standing: number, state: RoomState, { policy }: RoomView, atMs: number): boolean {
  const { box, fall } = track;
  if (fall.kind === 'none') return false;
  return state.tracks.some((other) => {
    if (other.walkedFromAtMs === undefined || other.walkedFromAtMs < fall.episode.lowAtMs) return false;
    if (other.id === track.id || other.stance !== 'up' || other.missingAtMs !== undefined) return false;
    if (!isTrusted(other, policy) || isFurniture(other, atMs, policy)) return false;
    const distance = Math.hypot((other.box.x1 + other.box.x2 - box.x1 - box.x2) / 2, other.box.y2 - box.y2);
    return distance <= policy.timing.attendedHeights * standing;
  });
}
