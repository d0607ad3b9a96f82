import type { Track } from '../track/track.ts';
import type { RoomZones } from '../zones/zone.ts';
import { distanceToWayOut, isBesideBed } from '../zones/zone-rules.ts';
import type { FallPolicy } from './fall-policy.ts';
import { isFurniture, isTrusted } from './see-track.ts';

/**
 * Somebody was up in the middle of the room and is out of sight, with no way out near enough to have been reached between two
 * frames: hidden or on the floor where the detector sees nothing. Between rare looks people walk anywhere: then only
 * who stayed at their place away from the ways out is missed. Not who was in or beside a bed.
 */
export function isUnexplained(track: Track, standing: number, zones: RoomZones, policy: FallPolicy): boolean {
  if (track.missingAtMs === undefined || track.fall.kind !== 'none' || track.stance === 'bed') return false;
  if (track.observations < policy.observation.knownObservations || !isTrusted(track, policy)) return false;
  if (isFurniture(track, track.seenAtMs, policy)) return false;
  if (isBesideBed(track.box, zones, policy)) return false;
  const unseenMs = track.missingAtMs - track.seenAtMs;
  const away = distanceToWayOut(track.box, zones, policy) / standing;
  if (away > (policy.matching.gateHeightsPerSecond * unseenMs) / 1000) return true;
  return away > policy.timing.notVisibleHeights && track.seenAtMs - track.restAtMs >= unseenMs;
}

/**
 * Somebody was there a moment ago: worth a look at the turned picture, whatever way out there is. A fall that the
 * detector does not see lying is a person out of sight.
 */
export function isJustGone(track: Track, atMs: number, intervalMs: number, policy: FallPolicy): boolean {
  if (track.missingAtMs === undefined || track.fall.kind !== 'none' || track.stance === 'bed') return false;
  if (track.observations < policy.observation.knownObservations || !isTrusted(track, policy)) return false;
  if (isFurniture(track, track.seenAtMs, policy)) return false;
  return (
    atMs - track.missingAtMs <=
    Math.max(policy.attention.searchSeconds * 1000, policy.attention.searchIntervals * intervalMs)
  );
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
      const kept = Math.max(policy.matching.forgetSeconds * 1000, policy.matching.forgetIntervals * intervalMs);
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
