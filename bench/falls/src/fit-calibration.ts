import {
  calibrationOf,
  type JointCalibration,
  jointFeatures,
  type ModelCalibration,
  meanVisibility,
  measureCalibration,
} from '@vigilia/vision';
import { fitLogisticRegression } from './logistic-regression.ts';
import type { PersonSample, SampledFrame } from './person-samples.ts';

/**
 * Fits what a model's confidences mean to frames in which the people are known. The weights of the joints start from nothing, not from
 * the shipped ones: those were fitted on footage that a fold may be judged on. The thresholds are measured as `vigilia models check`
 * measures them, but with the things of all frames, also of those that show people. Throws `RangeError` for frames with too few people or too few things.
 */
export function fitCalibration(frames: readonly SampledFrame[]): ModelCalibration {
  const people = frames.filter(({ people: count }) => count > 0).map(({ samples }) => surest(samples.filter(isPerson)));
  const things = frames.map(({ samples }) => surest(samples.filter((sample) => !isPerson(sample))));
  return {
    ...measureCalibration(people, things, undefined),
    joints: fitJoints(frames.flatMap(({ samples }) => samples)),
  };
}

const isPerson = ({ person }: PersonSample): boolean => person;

function surest(samples: readonly PersonSample[]): { confidence: number; visibility: number | undefined } {
  const [best] = [...samples].sort((a, b) => b.detection.confidence - a.detection.confidence);
  if (best === undefined) return { confidence: 0, visibility: undefined };
  return { confidence: best.detection.confidence, visibility: meanVisibility(best.detection) };
}

const leastWeight = 0.1;

/** Undefined for a model without joints. */
function fitJoints(samples: readonly PersonSample[]): JointCalibration | undefined {
  const rows = samples.flatMap(({ detection, person }) => {
    const visibility = meanVisibility(detection);
    if (visibility === undefined) return [];
    return [{ features: [...jointFeatures(detection.confidence, visibility), 1], positive: person }];
  });
  if (rows.length === 0) return undefined;
  const [confidenceWeight = 0, visibilityWeight = 0, bias = 0] = fitLogisticRegression(rows);
  // a surer detection, or one with more visible joints, is never less of a person
  return {
    confidenceWeight: Math.max(leastWeight, confidenceWeight),
    visibilityWeight: Math.max(0, visibilityWeight),
    bias,
  };
}

/** Returns the calibration that the product ships for a model; cautious values for a model that it does not know. */
export function shippedCalibration(modelId: string, own: ModelCalibration | undefined): ModelCalibration {
  return calibrationOf(modelId, own).calibration;
}
