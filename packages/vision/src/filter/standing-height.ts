import { boxHeight } from '../detection/box.ts';
import type { Box } from '../detection/detection.ts';

/**
 * What a room has learned of how tall standing people appear: H = slope · y − offset, with the row y of the feet and H in image heights (a
 * level floor seen by a pinhole camera). Mean and covariance of both numbers.
 */
export interface StandingHeights {
  readonly slope: number;
  readonly offset: number;
  readonly slopeVariance: number;
  readonly offsetVariance: number;
  readonly covariance: number;
}

/** Before anybody was seen: any camera on a wall or near the ceiling. */
export const unknownHeights: StandingHeights = {
  slope: 0.85,
  offset: 0,
  slopeVariance: 0.35 ** 2,
  offsetVariance: 10 ** 2,
  covariance: 0,
};

/** Deviation of a standing person's box from the law, image heights: people and boxes differ. */
const noise = 0.05;
/** Deviation that is added to both numbers per second of sights: cameras are moved. */
const drift = 2e-4;
/** Known to this share, the height is used. */
const knownShare = 0.12;
/** Shorter people are too small to measure, image heights. */
const leastStandingHeight = 0.12;
/** A box nearer to the upper or lower edge of the frame than this is cut off: its height is unknown. */
const edge = 0.015;

/** Returns the height of a standing person with feet in row `y`, image heights; undefined where it is not known well enough. */
export function standingHeight(heights: StandingHeights, y: number): number | undefined {
  const height = heights.slope * y - heights.offset;
  const variance = heights.slopeVariance * y ** 2 - 2 * heights.covariance * y + heights.offsetVariance;
  return height > leastStandingHeight && variance < (knownShare * height) ** 2 ? height : undefined;
}

/** Returns the standing height in the row of the feet where it is known best: about where people were seen. Undefined where not even that is known. */
export function bestKnownHeight(heights: StandingHeights): number | undefined {
  const row = heights.covariance / heights.slopeVariance;
  return standingHeight(heights, Math.min(1, Math.max(0, row)));
}

/** Is the box cut off by the upper or lower edge of the frame, so that its height is unknown? */
export const isCutOff = (box: Box): boolean => box.y1 <= edge || box.y2 >= 1 - edge;

/** Returns the heights after the sight of a person who certainly stands (recursive least squares). @param weight of the look, 0..1 */
export function learnStandingHeight(heights: StandingHeights, box: Box, weight: number): StandingHeights {
  if (isCutOff(box) || weight <= 0) return heights;
  const y = box.y2;
  const slopeVariance = heights.slopeVariance + weight * drift ** 2;
  const offsetVariance = heights.offsetVariance + weight * drift ** 2;
  const { covariance } = heights;
  const slopeLeverage = slopeVariance * y - covariance;
  const offsetLeverage = covariance * y - offsetVariance;
  const total = slopeLeverage * y - offsetLeverage + noise ** 2 / weight;
  const [slopeGain, offsetGain] = [slopeLeverage / total, offsetLeverage / total];
  const error = boxHeight(box) - (heights.slope * y - heights.offset);
  return {
    slope: heights.slope + slopeGain * error,
    offset: heights.offset + offsetGain * error,
    slopeVariance: slopeVariance - slopeGain * slopeLeverage,
    offsetVariance: offsetVariance - offsetGain * offsetLeverage,
    covariance: covariance - slopeGain * offsetLeverage,
  };
}
