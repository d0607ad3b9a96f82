import type { FallPolicy } from '../fall/fall-policy.ts';
import { isJustGone } from '../fall/missing.ts';
import type { Observation } from '../fall/observation.ts';
import { isTrusted } from '../fall/see-track.ts';
import { byteTrackMatch, type Match } from './byte-track.ts';
import { kalmanBox } from './kalman.ts';
import { type GatedTrack, matchByGate, matchByPlace, matchByRest } from './place-match.ts';
import { lowPlace, type Track } from './track.ts';

/** The frame that is to be matched. */
export interface MatchContext {
  readonly atMs: number;
  /** Since the last frame; motion is only predicted over short times. */
  readonly elapsedMs: number;
  /** Usual time between frames. */
  readonly intervalMs: number;
  /** Height of a standing person where a track was last seen, image heights. */
  standing(track: Track): number;
}

/** One way of matching, for the tracks it is meant for; what it leaves goes to the next. */
interface Round {
  readonly isFor: (track: Track) => boolean;
  /** Only these observations; all where absent. */
  readonly isOf?: (seen: Observation) => boolean;
  readonly match: (tracks: readonly Track[], seen: readonly Observation[]) => readonly Match[];
}

/**
 * Which observation is which track. In this order: who lies low, by place; with frames close together everybody else by
 * ByteTrack; then who stays where they were; who is left by walking distance: sure people to sure boxes first, so that
 * a chair that flickers is not taken for them; upright people before low ones, so that a helper who comes in is not
 * taken for the resident getting up. `tracks` carry predicted Kalman states.
 */
export function matchTracks(
  tracks: readonly Track[],
  observations: readonly Observation[],
  context: MatchContext,
  policy: FallPolicy,
): Match[] {
  const matches: Match[] = [];
  for (const { isFor, isOf = () => true, match } of rounds(context, policy)) {
    const trackNumbers = [...tracks.keys()].filter(
      (index) => isFor(tracks[index] as Track) && !matches.some((one) => one.track === index),
    );
    const seenNumbers = [...observations.keys()].filter(
      (index) => isOf(observations[index] as Observation) && !matches.some((one) => one.observation === index),
    );
    const found = match(
      trackNumbers.map((index) => tracks[index] as Track),
      seenNumbers.map((index) => observations[index] as Observation),
    );
    for (const { track, observation } of found) {
      matches.push({ track: trackNumbers[track] as number, observation: seenNumbers[observation] as number });
    }
  }
  return matches;
}

function rounds(context: MatchContext, policy: FallPolicy): Round[] {
  const anybody = () => true;
  const isLow = (track: Track) => lowPlace(track) !== undefined;
  const isSure = (one: Observation) => one.confidence >= policy.observation.trustConfidence;
  const boxes = (seen: readonly Observation[]) => seen.map(({ box }) => box);
  const byGate: Round['match'] = (tracks, seen) =>
    matchByGate(
      tracks.map((track) => gatedTrack(track, context, policy)),
      seen,
      policy,
    );
  const byMotion: Round = {
    isFor: anybody,
    match: (tracks, seen) => byteTrackMatch(tracks.map(expected), seen, byteLimits(policy)),
  };
  return [
    { isFor: isLow, match: (tracks, seen) => matchByPlace(tracks.map(lowPlace), boxes(seen), policy) },
    ...(context.elapsedMs <= policy.matching.motionSeconds * 1000 ? [byMotion] : []),
    {
      isFor: anybody,
      match: (tracks, seen) =>
        matchByRest(
          tracks.map(({ box }) => box),
          boxes(seen),
          policy,
        ),
    },
    { isFor: (track) => !isLow(track) && isTrusted(track, policy), isOf: isSure, match: byGate },
    { isFor: (track) => !isLow(track), match: byGate },
    { isFor: isLow, match: byGate },
  ];
}

const gatedTrack = (track: Track, context: MatchContext, policy: FallPolicy): GatedTrack => ({
  box: track.box,
  standing: context.standing(track),
  low: lowPlace(track) !== undefined,
  agoMs: context.atMs - track.seenAtMs,
  missing: track.missingAtMs !== undefined,
  findable: isFindable(track, context, policy),
});

const isFindable = (track: Track, { atMs, intervalMs }: MatchContext, policy: FallPolicy): boolean =>
  isTrusted(track, policy) && (track.missingAtMs === undefined || isJustGone(track, atMs, intervalMs, policy));

const expected = (track: Track) => ({
  expected: track.kalman ? kalmanBox(track.kalman) : track.box,
  seenLast: track.missingAtMs === undefined,
});

const byteLimits = ({ observation, matching }: FallPolicy) => ({
  highConfidence: observation.startConfidence,
  firstIou: matching.firstIou,
  secondIou: matching.secondIou,
});
