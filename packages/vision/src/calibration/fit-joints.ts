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
  for (let step = 0; step < steps; step++) {
    weights = damped(weights, newtonStep(weights, found, mean), found, mean);
  }
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

/**
 * Halves a step until it does not make the fit worse: where all things have a confidence near 1, a whole step of Newton's method
 * overshoots, and the next ones diverge.
 */
function damped(weights: Vector, step: Vector, rows: readonly Row[], mean: Vector): Vector {
  const before = logPosterior(weights, rows, mean);
  for (let share = 1; share > 1e-6; share /= 2) {
    const next: Vector = [weights[0] + share * step[0], weights[1] + share * step[1], weights[2] + share * step[2]];
    if (logPosterior(next, rows, mean) >= before) return next;
  }
  return weights;
}

/** Returns the logarithm of the posterior density of the weights, but for a constant. */
function logPosterior(weights: Vector, rows: readonly Row[], mean: Vector): number {
  const prior = [0, 1, 2].map((i) => (((weights[i] ?? 0) - (mean[i] ?? 0)) / (priorDeviation[i] ?? 1)) ** 2);
  const likelihoods = rows.map(({ features, isPerson, weight }) => {
    const score = features.reduce((sum, feature, i) => sum + feature * (weights[i] ?? 0), 0);
    return weight * logLogistic(isPerson === 1 ? score : -score);
  });
  return likelihoods.reduce((sum, value) => sum + value, -prior.reduce((sum, value) => sum + value, 0) / 2);
}

/** The logarithm of the logistic function, exact far from zero too. */
const logLogistic = (score: number): number => Math.min(0, score) - Math.log1p(Math.exp(-Math.abs(score)));

/** Returns the step from the weights towards the maximum of the posterior. */
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
  return [a, b, c];
}

/** Solves a small symmetric system by Gauss' elimination; the prior keeps it regular. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0]);
  for (const [i, pivot] of rows.entries()) {
    for (const [k, row] of rows.entries()) {
      if (k === i) continue;
      const factor = (row[i] ?? 0) / (pivot[i] ?? 1);
      for (const j of row.keys()) {
        row[j] = (row[j] ?? 0) - factor * (pivot[j] ?? 0);
      }
    }
  }
  return rows.map((row, i) => (row.at(-1) ?? 0) / (row[i] ?? 1));
}
