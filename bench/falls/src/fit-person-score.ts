import { type PersonScoreWeights, personScoreTerms } from '@vigilia/vision';
import { fitLogisticRegression } from './logistic-regression.ts';
import type { PersonSample } from './person-samples.ts';

/**
 * Fits the person score of one model: which detections are people. Throws `RangeError` where the samples hold only people or only
 * things.
 */
export function fitPersonScore(samples: readonly PersonSample[]): PersonScoreWeights {
  const rows = samples.map(({ detection, person }) => ({
    features: personScoreTerms(detection.confidence, detection.keypoints),
    positive: person,
  }));
  const [confidence = 0, visibility = 0, bias = 0] = fitLogisticRegression(rows);
  return { confidence, visibility, bias };
}
