import type { Keypoint } from '../model/detection.ts';
import { jointCount } from './body-points.ts';

/**
 * Weights of the person score, a logistic regression: score = logistic(confidence · logit(confidence of the detection) +
 * visibility · ln(mean visibility of the joints + 0.02) + bias). They belong to a model, as each model scores in its own way.
 */
export interface PersonScoreWeights {
  readonly confidence: number;
  /** 0 for a model without joints. */
  readonly visibility: number;
  readonly bias: number;
}

/**
 * The weights of MoveNet MultiPose, fitted on its detections in GMDCSA24 (MIT) and in rendered rooms. With a confidence of 0.5 the score
 * is 0.05 at a mean visibility of 0.05 (the foot of a table), 0.5 at 0.23 and 0.84 at 0.5.
 */
export const moveNetPersonScore: PersonScoreWeights = { confidence: 1.44234, visibility: 2.25379, bias: 3.15327 };

/** Keeps the logarithm finite where no joint is seen. */
const leastVisibility = 0.02;

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const logit = (p: number): number => {
  const bounded = Math.min(1 - 1e-6, Math.max(1e-6, p));
  return Math.log(bounded / (1 - bounded));
};

/** What of a detection the score depends on: logit of the confidence, logarithm of the mean visibility (0 without joints), 1. */
export function personScoreTerms(
  confidence: number,
  joints: readonly Keypoint[] | undefined,
): readonly [confidence: number, visibility: number, bias: number] {
  if (joints === undefined || joints.length < jointCount) return [logit(confidence), 0, 1];
  const visibility = joints.reduce((sum, joint) => sum + joint.visibility, 0) / joints.length;
  return [logit(confidence), Math.log(visibility + leastVisibility), 1];
}

/** Returns the probability (0..1) that a detection is a person: the confidence alone is not enough, joints must confirm it. */
export function personScore(
  confidence: number,
  joints: readonly Keypoint[] | undefined,
  weights: PersonScoreWeights = moveNetPersonScore,
): number {
  const [score, visibility, one] = personScoreTerms(confidence, joints);
  return logistic(weights.confidence * score + weights.visibility * visibility + weights.bias * one);
}

/**
 * Returns the weights for a model without joints that was not measured: MoveNet's, with the given limit.
 * @param startConfidence confidence at which a detection is a person as often as not, 0..1
 */
export function withoutJoints(startConfidence: number): PersonScoreWeights {
  const { confidence } = moveNetPersonScore;
  return { confidence, visibility: 0, bias: -confidence * logit(startConfidence) };
}
