import { massOf } from '../filter/cohorts.ts';
import { lowSince } from '../filter/low-places.ts';
import { onFloor } from '../filter/states.ts';
import type { Track } from '../filter/track.ts';
import type { FrameZones } from '../zones/zone.ts';
import { distanceToDoor } from '../zones/zone-rules.ts';
import type { FallPolicy } from './fall-policy.ts';
import type { AlarmRule, AlarmSeverity, Fall } from './fall-state.ts';

/** What is configured for a room, in the units of its frames. */
export interface AlarmContext {
  readonly policy: FallPolicy;
  readonly zones: FrameZones;
}

/** Found low, a person must look so much like one on average: furniture was found there, too. */
const foundPerson = 0.7;
/** The last sight must show so much of lying (½ for sitting on the floor): a person who is getting up raises no alarm. */
const lowNow = 0.3;
/** A person lies, rather than kneels or sits, where they have looked like it with this mean probability since they moved last. */
const lies = 0.5;
/** A helper stands within so many body scales. */
const helperReach = 1.5;
const helperBelief = 0.5;

/** How likely the person is to be on the floor now; sitting there counts half. */
export const suspicionOf = ({ belief }: Track): number => belief.lying + belief.floorSitting / 2;

/** Time at which half of the belief that is on the floor had come there. */
export function floorSince({ cohorts }: Track, fallback: number): number {
  const sorted = [...cohorts].sort((a, b) => a.sinceMs - b.sinceMs);
  let left = sorted.reduce((sum, cohort) => sum + massOf(cohort), 0) / 2;
  for (const cohort of sorted) {
    left -= massOf(cohort);
    if (left <= 0) return cohort.sinceMs;
  }
  return fallback;
}

/** Was the person known before, rather than found low? */
export const wasSeenToFall = ({ cohorts }: Track): boolean => {
  const mass = (kind: 'seen' | 'found') =>
    cohorts.reduce((sum, cohort) => sum + (cohort.kind === kind ? massOf(cohort) : 0), 0);
  return mass('seen') >= mass('found');
};

/**
 * Decides whether a person has been on the floor for long enough, without a break, with enough probability. Less is enough where the fall
 * itself was observed and the person lies and has not moved since: one who is going to get up alone turns over or props themselves up first.
 * @returns the rule and the severity; undefined while it is too early
 */
export function alarmOf(
  track: Track,
  atMs: number,
  { isAttended, isObserved }: { readonly isAttended: boolean; readonly isObserved: boolean },
  { policy, zones }: AlarmContext,
): { readonly rule: AlarmRule; readonly severity: AlarmSeverity } | undefined {
  const leastSinceMs = lowSince(track);
  if (leastSinceMs === undefined) return undefined;
  const isVisible = track.missingAtMs === undefined;
  if (isVisible ? track.low < lowNow : distanceToDoor(track.box, zones) <= 0) return undefined;
  const factor = zones.configured ? 1 : policy.unconfiguredFactor;
  const sittingShare = track.belief.floorSitting / Math.max(onFloor(track.belief), Number.MIN_VALUE);
  const dwellMs = (lyingSeconds: number, sittingSeconds: number): number => {
    const seconds = factor * (lyingSeconds + (sittingSeconds - lyingSeconds) * sittingShare);
    return Math.max(seconds, isAttended ? policy.attendedSeconds : 0) * 1000;
  };
  const isStill = isVisible && isObserved && track.posture[3] >= lies && stillMs(track) >= policy.stillSeconds * 1000;
  const seenSeconds = Math.min(policy.seenSeconds, isStill ? policy.observedSeconds : Number.POSITIVE_INFINITY);
  const dwell = {
    seen: dwellMs(seenSeconds, policy.sittingSeconds),
    found: dwellMs(policy.foundSeconds, policy.foundSittingSeconds),
  };
  const probability = track.cohorts
    .filter(
      ({ kind, sinceMs }) =>
        (kind === 'seen' || track.person >= foundPerson) && atMs - Math.max(sinceMs, leastSinceMs) >= dwell[kind],
    )
    .reduce((sum, cohort) => sum + massOf(cohort), 0);
  if (probability < policy.alarmProbability || onFloor(track.belief) < policy.alarmProbability) return undefined;
  const sits = sittingShare > 0.5;
  const rule = sits ? 'sitting' : wasSeenToFall(track) ? 'seen_fall' : 'found_lying';
  return { rule, severity: sits || !zones.configured ? 'warning' : 'critical' };
}

/** How long the person has not moved, by the looks that showed them. */
const stillMs = ({ still, seenAtMs }: Track): number => (still === undefined ? 0 : seenAtMs - still.sinceMs);

/** Does a second person who came since the fall stand or kneel beside the one on the floor? Not one who sat there all the time. */
export function isAttended(track: Track, fall: Fall, tracks: readonly Track[]): boolean {
  return tracks.some(({ id, belief, place, scale, sure, missingAtMs, walkedAtMs }) => {
    if (id === track.id || !sure || missingAtMs !== undefined || walkedAtMs <= fall.lowAtMs) return false;
    if (belief.upright + belief.sitting < helperBelief) return false;
    const distance = Math.hypot(place.x - track.place.x, place.y - track.place.y);
    return distance <= helperReach * Math.max(scale, track.scale);
  });
}
