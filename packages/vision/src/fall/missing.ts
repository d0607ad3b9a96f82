import type { Track } from '../track/track.ts';
import type { RoomZones } from '../zones/zone.ts';
import { distanceToExit, isBesideBed } from '../zones/zone-rules.ts';
import type { FallPolicy } from './fall-policy.ts';
import { isFurniture, isTrusted } from './see-track.ts';

/**
 * Somebody was up in the middle of the room and is out of sight, with no way out near enough to have been reached
 * between two frames: hidden or on the floor where the detector sees nothing. Not who was in or beside a bed.
 */
export function isUnexplained(track: Track, standing: number, zones: RoomZones, policy: FallPolicy): boolean {
  if (track.missingAtMs === undefined || track.fall.kind !== 'none' || track.stance === 'bed') return false;
  if (track.observations < policy.observation.knownObservations || !isTrusted(track, policy)) return false;
  if (isFurniture(track, track.seenAtMs, policy)) return false;
  if (isBesideBed(track.box, zones, policy)) return false;
  const reach = (policy.matching.gateHeightsPerSecond * (track.missingAtMs - track.seenAtMs)) / 1000;
  return distanceToExit(track.box, zones, policy) > reach * standing;
}

/**
 * Somebody was there a moment ago: worth a look at the turned picture, whatever way out there is. A fall that the
 * detector does not see lying is a person out of sight.
 */
export function isJustGone(track: Track, atMs: number, intervalMs: number, policy: FallPolicy): boolean {
  if (track.missingAtMs === undefined || track.fall.kind !== 'none' || track.stance === 'bed') return false;
  if (track.observations < policy.observation.knownObservations || !isTrusted(track, policy)) return false;
  if (isFurniture(track, track.seenAtMs, policy)) return false;
  return atMs - track.missingAtMs <= Math.max(policy.attention.searchSeconds * 1000, 2 * intervalMs);
}

/** Is it time to forget a track that is out of sight? Falls are never forgotten, resolved ones after long. */
export function isForgotten(
  track: Track,
  atMs: number,
  intervalMs: number,
  unexplained: boolean,
  policy: FallPolicy,
): boolean {
  if (track.missingAtMs === undefined) return false;
  const goneMs = atMs - track.seenAtMs;
  switch (track.fall.kind) {
    case 'none': {
      const kept = Math.max(policy.matching.forgetSeconds * 1000, 3 * intervalMs);
      return (
        goneMs > (unexplained && !track.toldMissing ? Math.max(kept, policy.timing.notVisibleSeconds * 1000) : kept)
      );
    }
    case 'quiet':
      return goneMs > policy.quiet.furnitureSeconds * 1000;
    default:
      return false;
  }
}
