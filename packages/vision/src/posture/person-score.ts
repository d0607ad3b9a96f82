import type { Keypoint } from '../model/detection.ts';
import { jointCount } from './body-points.ts';

/**
 * Weights of the person score: a logistic regression on MoveNet's detections in GMDCSA24 (MIT) and in rendered rooms. With a
 * confidence of 0.5 the score is 0.05 at a mean visibility of 0.05 (the foot of a table), 0.5 at 0.23 and 0.84 at 0.5.
 */
const confidenceWeight = 1.44234;
const visibilityWeight = 2.25379;
const bias = 3.15327;
/** Keeps the logarithm finite where no joint is seen. */
const leastVisibility = 0.02;

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const logit = (p: number): number => {
  const bounded = Math.min(1 - 1e-6, Math.max(1e-6, p));
  return Math.log(bounded / (1 - bounded));
};

/** Returns the probability (0..1) that a detection with joints is a person: the confidence alone is not enough, joints must confirm it. */
export function personScore(confidence: number, joints: readonly Keypoint[]): number {
  const visibility = joints.reduce((sum, joint) => sum + joint.visibility, 0) / jointCount;
  return logistic(
    confidenceWeight * logit(confidence) + visibilityWeight * Math.log(visibility + leastVisibility) + bias,
  );
}

/**
 * Returns the same for a model without joints: the confidence, measured against the one from which this model finds people.
 * @param startConfidence confidence at which a detection is a person as often as not, 0..1
 */
export function personScoreWithoutJoints(confidence: number, startConfidence: number): number {
  return logistic(confidenceWeight * (logit(confidence) - logit(startConfidence)));
}
