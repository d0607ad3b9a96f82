import { iou } from '../model/box.ts';
import type { Box } from '../model/detection.ts';
import { assign } from './assignment.ts';

/** What the association needs of a track: where it is expected now, and whether the last frame showed it. */
export interface ExpectedTrack {
  readonly expected: Box;
  readonly seenLast: boolean;
}

export interface ScoredBox {
  readonly box: Box;
  readonly confidence: number;
}

export interface Match {
  /** Places in the lists given. */
  readonly track: number;
  readonly observation: number;
}

/** Confidence 0..1 that parts the rounds; least IoU of each round. */
export interface ByteTrackLimits {
  readonly highConfidence: number;
  readonly firstIou: number;
  readonly secondIou: number;
}

/**
 * The two-stage association of ByteTrack (Zhang et al. 2022, algorithm 1): confident boxes go to all tracks first,
 * lost ones too; weak boxes then only to tracks that the last frame still showed. Least sum of 1 − IoU each time.
 */
export function byteTrackMatch(
  tracks: readonly ExpectedTrack[],
  observations: readonly ScoredBox[],
  limits: ByteTrackLimits,
): Match[] {
  const numbers = observations.map((_, index) => index);
  const isHigh = (index: number) => (observations[index]?.confidence ?? 0) >= limits.highConfidence;
  const first = byIou(
    tracks,
    tracks.map((_, index) => index),
    observations,
    numbers.filter(isHigh),
    limits.firstIou,
  );
  const matched = new Set(first.map(({ track }) => track));
  const rest = tracks.flatMap(({ seenLast }, index) => (seenLast && !matched.has(index) ? [index] : []));
  const weak = numbers.filter((index) => !isHigh(index));
  return [...first, ...byIou(tracks, rest, observations, weak, limits.secondIou)];
}

function byIou(
  tracks: readonly ExpectedTrack[],
  trackNumbers: readonly number[],
  observations: readonly ScoredBox[],
  boxNumbers: readonly number[],
  leastIou: number,
): Match[] {
  const costs = trackNumbers.map((track) =>
    boxNumbers.map(
      (index) => 1 - iou((tracks[track] as ExpectedTrack).expected, (observations[index] as ScoredBox).box),
    ),
  );
  return assign(costs, 1 - leastIou).map(({ row, column }) => ({
    track: trackNumbers[row] as number,
    observation: boxNumbers[column] as number,
  }));
}
