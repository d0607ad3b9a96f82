import type { Detection } from '../detection/detection.ts';
import { jointCount } from '../posture/body-points.ts';
import type { JointCalibration, ModelCalibration } from './model-calibration.ts';

/** Keeps the logarithm finite where no joint is seen. */
const leastVisibility = 0.02;
/** Probability that `furnitureConfidence` stands for, where there are no joints. */
const certain = 0.9;

export const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** Returns ln(p / (1 − p)); finite for all p of 0..1. */
export function logit(p: number): number {
  const bounded = Math.min(1 - 1e-6, Math.max(1e-6, p));
  return Math.log(bounded / (1 - bounded));
}

/** Returns the mean visibility of the 17 joints, 0..1; undefined where the detection does not have them. */
export function meanVisibility({ keypoints }: Pick<Detection, 'keypoints'>): number | undefined {
  if (keypoints?.length !== jointCount) return undefined;
  return keypoints.reduce((sum, { visibility }) => sum + visibility, 0) / jointCount;
}

/** Returns what the regression of a joint calibration looks at: confidence and visibility, as logarithms. */
export const jointFeatures = (confidence: number, visibility: number): readonly [number, number] => [
  logit(confidence),
  Math.log(visibility + leastVisibility),
];

/**
 * Returns the probability (0..1) that a detection is a person, on one scale for all models. If the model has joints they must
 * confirm the person: with MoveNet, a confidence of 0.5 means 0.05 where hardly a joint is visible (the foot of a table), 0.5 at a
 * mean visibility of 0.23 and 0.84 at 0.5. Without joints, 0.5 is at `startConfidence` and 0.9 at `furnitureConfidence`.
 */
export function personProbability(
  detection: Pick<Detection, 'confidence' | 'keypoints'>,
  calibration: ModelCalibration,
): number {
  const visibility = meanVisibility(detection);
  if (calibration.joints !== undefined && visibility !== undefined) {
    return confirmed(detection.confidence, visibility, calibration.joints);
  }
  const start = logit(calibration.startConfidence);
  const weight = logit(certain) / (logit(calibration.furnitureConfidence) - start);
  return logistic(weight * (logit(detection.confidence) - start));
}

function confirmed(confidence: number, visibility: number, joints: JointCalibration): number {
  const [score, seen] = jointFeatures(confidence, visibility);
  return logistic(joints.confidenceWeight * score + joints.visibilityWeight * seen + joints.bias);
}
