import type { Track } from '../filter/track.ts';
import type { FrameZones } from '../zones/zone.ts';
import { distanceToWayOut, isBesideBed } from '../zones/zone-rules.ts';

/** Blips are not people: a person must have been seen this often before being missed. */
const knownSights = 3;
/** A brisk walk, body scales per second (1.5 m/s of 1.7 m). */
const walkingScalesPerSecond = 0.9;
/** Between rare looks people walk anywhere: then so much is near, and only a person who had stayed further off is missed. */
const nearScales = 1;

/**
 * A person was up in the middle of the room and is out of sight, with no way out near enough to have been reached between two
 * looks: hidden, or on the floor where the detector sees nothing. Between rare looks people walk anywhere: then only a person who
 * had stayed at their place away from the ways out is missed. Not one who was in or beside a bed.
 */
export function isUnexplained(track: Track, zones: FrameZones): boolean {
  const { belief, box, missingAtMs, seenAtMs, scale } = track;
  if (missingAtMs === undefined || track.sights < knownSights || !track.sure) return false;
  const up = belief.upright + belief.sitting;
  if (up < belief.inBed + belief.floorSitting + belief.lying) return false;
  if (isBesideBed(box, zones)) return false;
  const unseenMs = missingAtMs - seenAtMs;
  const away = distanceToWayOut(box, zones) / scale;
  if (away > (walkingScalesPerSecond * unseenMs) / 1000) return true;
  return away > nearScales && seenAtMs - track.walkedAtMs >= unseenMs;
}
