import { fitJoints } from './fit-joints.ts';
import type { JointCalibration, ModelCalibration } from './model-calibration.ts';
import { logistic, logit } from './person-probability.ts';

/** The surest detection of a frame. */
export interface CalibrationSample {
  /** 0 where nothing was found. */
  readonly confidence: number;
  /** Mean visibility of the 17 joints; undefined for models without joints. */
  readonly visibility: number | undefined;
}

/**
 * No confidence below this continues a track: there are too many such detections in every frame. Where joints confirm people, all from
 * here on do: bodies that lie half hidden score 0.15 to 0.3, and the joints keep things out.
 */
const leastConfidence = 0.15;
/** Share of the sights of people that may be weaker than the weakest that counts… */
const weakShare = 0.05;
/** …and people in dark corners and under blankets, who are on few pictures, are weaker than that by this factor. */
const weakFactor = 0.5;
/** `furnitureConfidence` is so far above what was measured, as a logarithm of odds: the next room has other furniture. */
const furnitureMargin = 0.5;
/** …and at least so far above `startConfidence`: the confidences of MoveNet are as steep. */
const leastRange = 1.5;
/** A model that separates only above this does not separate: a higher one would lose nearly all people. */
const highestStart = 0.9;
/** Fewer frames of a kind are not enough. */
export const leastSamples = 10;

/**
 * Measures a model's calibration.
 * @param people surest detection of each frame that shows at least one person
 * @param things surest detection of each frame without a person
 * @param prior joint weights that few frames do not move far; undefined for models without joints
 * @throws RangeError for fewer than `leastSamples` frames of a kind
 */
export function measureCalibration(
  people: readonly CalibrationSample[],
  things: readonly CalibrationSample[],
  prior: JointCalibration | undefined,
): ModelCalibration {
  if (people.length < leastSamples || things.length < leastSamples) {
    throw new RangeError(
      `A calibration needs at least ${leastSamples} frames with people and ${leastSamples} without (got ${people.length} and ${things.length}).`,
    );
  }
  const surest = Math.max(...things.map(({ confidence }) => confidence));
  const startConfidence = rounded(Math.min(highestStart, bestSeparation(people, things)));
  const furniture = logistic(Math.max(logit(surest) + furnitureMargin, logit(startConfidence) + leastRange));
  const isConfirmed = people.some(({ visibility }) => visibility !== undefined);
  const weak = isConfirmed ? leastConfidence : quantile(people, weakShare) * weakFactor;
  return {
    startConfidence,
    continueConfidence: rounded(Math.min(startConfidence, Math.max(leastConfidence, weak))),
    furnitureConfidence: rounded(furniture),
    joints: prior && fitJoints(people, things, prior),
  };
}

const rounded = (share: number): number => Math.min(0.98, Math.max(0.02, Math.round(share * 100) / 100));

/** Returns the confidence that loses the smallest share of people and keeps the smallest share of things, in the middle between both. */
function bestSeparation(people: readonly CalibrationSample[], things: readonly CalibrationSample[]): number {
  const scores = [...new Set([leastConfidence, ...[...people, ...things].map(({ confidence }) => confidence), 0.95])]
    .filter((score) => score >= leastConfidence)
    .sort((a, b) => a - b);
  const lossAt = (threshold: number): number =>
    people.filter(({ confidence }) => confidence < threshold).length / people.length +
    things.filter(({ confidence }) => confidence >= threshold).length / things.length;
  // a threshold between two neighbouring scores separates alike: the interval counts, not one of its ends
  const intervals = scores.slice(1).map((upper, index) => ({ lower: scores[index] ?? leastConfidence, upper }));
  const [best] = intervals
    .map((interval) => ({ ...interval, loss: lossAt(interval.upper) }))
    .sort((a, b) => a.loss - b.loss || width(b) - width(a));
  return best === undefined ? leastConfidence : logistic((logit(best.lower) + logit(best.upper)) / 2);
}

const width = ({ lower, upper }: { lower: number; upper: number }): number => logit(upper) - logit(lower);

function quantile(samples: readonly CalibrationSample[], share: number): number {
  const sorted = samples.map(({ confidence }) => confidence).sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}
