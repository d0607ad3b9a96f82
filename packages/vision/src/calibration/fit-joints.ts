import type { CalibrationSample } from './measure-calibration.ts';
import type { JointCalibration } from './model-calibration.ts';
import { jointFeatures, logistic } from './person-probability.ts';

type Vector = readonly [number, number, number];

/** How sure the prior is, as standard deviations of the three weights: frames of one site must not turn the rule round. */
const priorDeviation: Vector = [0.5, 0.5, 1.5];
const steps = 25;
/** Without a detection no judgement is possible. */
const leastConfidence = 0.05;

/**
 * Fits the joint weights to what a model found in frames with and without people: a logistic regression with a normal prior (maximum a
 * posteriori, Newton's method). People and things weigh the same, however many frames there are of each.
 */
export function fitJoints(
  people: readonly CalibrationSample[],
  things: readonly CalibrationSample[],
  prior: JointCalibration,
): JointCalibration {
  const found = [...toRows(people, 1), ...toRows(things, 0)];
  const mean: Vector = [prior.confidenceWeight, prior.visibilityWeight, prior.bias];
  let weights = mean;
  for (let step = 0; step < steps; step++) weights = newtonStep(weights, found, mean);
  const round = (value: number): number => Math.round(value * 100) / 100;
  return {
    confidenceWeight: Math.max(0.1, round(weights[0])),
    visibilityWeight: Math.max(0, round(weights[1])),
    bias: round(weights[2]),
  };
}

interface Row {
  readonly features: Vector;
  readonly isPerson: 0 | 1;
  readonly weight: number;
}

function toRows(samples: readonly CalibrationSample[], isPerson: 0 | 1): Row[] {
  const found = samples.filter(({ confidence }) => confidence >= leastConfidence);
  // each kind counts as much as the smaller sample can bear: about 50 frames
  const weight = found.length === 0 ? 0 : Math.min(1, 50 / found.length);
  return found.map(({ confidence, visibility = 0 }) => {
    const [score, seen] = jointFeatures(confidence, visibility);
    return { features: [score, seen, 1], isPerson, weight };
  });
}

function newtonStep(weights: Vector, rows: readonly Row[], mean: Vector): Vector {
  const gradient = [0, 1, 2].map((i) => -((weights[i] ?? 0) - (mean[i] ?? 0)) / (priorDeviation[i] ?? 1) ** 2);
  const curvature = [0, 1, 2].map((i) => [0, 1, 2].map((j) => (i === j ? 1 / (priorDeviation[i] ?? 1) ** 2 : 0)));
  for (const { features, isPerson, weight } of rows) {
    const p = logistic(features.reduce((sum, feature, i) => sum + feature * (weights[i] ?? 0), 0));
    for (const i of [0, 1, 2]) {
      gradient[i] = (gradient[i] ?? 0) + weight * (isPerson - p) * (features[i] ?? 0);
      for (const j of [0, 1, 2]) {
        const row = curvature[i] ?? [];
        row[j] = (row[j] ?? 0) + weight * p * (1 - p) * (features[i] ?? 0) * (features[j] ?? 0);
      }
    }
  }
  const [a = 0, b = 0, c = 0] = solve(curvature, gradient);
  return [weights[0] + a, weights[1] + b, weights[2] + c];
}

/** Solves a small symmetric system by Gauss' elimination; the prior keeps it regular. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0]);
  for (const [i, pivot] of rows.entries()) {
    for (const [k, row] of rows.entries()) {
      if (k === i) continue;
      const factor = (row[i] ?? 0) / (pivot[i] ?? 1);
      for (const j of row.keys()) row[j] = (row[j] ?? 0) - factor * (pivot[j] ?? 0);
    }
  }
  return rows.map((row, i) => (row.at(-1) ?? 0) / (row[i] ?? 1));
}
