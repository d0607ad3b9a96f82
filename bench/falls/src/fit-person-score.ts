import type { Detection } from '@vigilia/vision';
import { fitLogisticRegression } from './logistic-regression.ts';
import type { PersonSample } from './person-samples.ts';

/** Weights of the person score: logistic(confidence × logit(score) + visibility × ln(mean visibility + 0.02) + bias). */
export interface PersonScoreWeights {
  readonly confidence: number;
  /** 0 for a model without joints. */
  readonly visibility: number;
  readonly bias: number;
}

const leastVisibility = 0.02;

function featuresOf({ confidence, keypoints }: Detection): number[] {
  const bounded = Math.min(1 - 1e-6, Math.max(1e-6, confidence));
  const logit = Math.log(bounded / (1 - bounded));
  if (!keypoints) return [logit, 1];
  const visibility = keypoints.reduce((sum, joint) => sum + joint.visibility, 0) / keypoints.length;
  return [logit, Math.log(visibility + leastVisibility), 1];
}

/**
 * Fits the person score of one model: which detections are people. Throws `RangeError` where the samples hold only people or only
 * things.
 */
export function fitPersonScore(samples: readonly PersonSample[]): PersonScoreWeights {
  const rows = samples.map(({ detection, person }) => ({ features: featuresOf(detection), positive: person }));
  const weights = fitLogisticRegression(rows);
  const [confidence = 0, second = 0, third] = weights;
  return third === undefined
    ? { confidence, visibility: 0, bias: second }
    : { confidence, visibility: second, bias: third };
}
