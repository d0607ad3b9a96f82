import { type ByPosture, type PostureCoefficients, postureClasses, postureTerms } from '@vigilia/vision';
import type { Sample } from './sample.ts';

/** Settings of the fit. */
export interface FitSettings {
  /** Steps of L-BFGS. */
  readonly iterations: number;
  /** Weight of the squared weights beside the mean log loss: keeps directions that the simulation hardly shows small. */
  readonly ridge: number;
}

/** Gradients that L-BFGS remembers. */
const memory = 10;

/** Fits the posture model: softmax regression by L-BFGS (Nocedal & Wright 2006, algorithm 7.5) with step halving. */
export function fitPosture(samples: readonly Sample[], settings: FitSettings): PostureCoefficients {
  const { mean, deviation } = moments(samples);
  const terms = samples.map(({ values }) => Float64Array.from([...postureTerms(values, { mean, deviation }), 1]));
  const classes = samples.map(({ posture }) => posture);
  const width = terms[0]?.length ?? 0;
  const weights = minimise(
    (at, gradient) => logLoss(at, gradient, terms, classes, settings.ridge),
    new Float64Array(postureClasses.length * width),
    settings.iterations,
  );
  const rows = postureClasses.map((_, index) => [...weights.subarray(index * width, (index + 1) * width)]);
  const shares = postureClasses.map((_, index) => classes.filter((one) => one === index).length / classes.length);
  return {
    prior: byPosture(shares),
    mean,
    deviation,
    weights: rows.map((row) => row.slice(0, -1)),
    bias: byPosture(rows.map((row) => row.at(-1) ?? 0)),
  };
}

const byPosture = ([upright = 0, sitting = 0, floorSitting = 0, lying = 0]: readonly number[]): ByPosture => [
  upright,
  sitting,
  floorSitting,
  lying,
];

function moments(samples: readonly Sample[]): { mean: number[]; deviation: number[] } {
  const features = samples[0]?.values.length ?? 0;
  const mean: number[] = [];
  const deviation: number[] = [];
  for (let feature = 0; feature < features; feature++) {
    const values = samples.map((sample) => sample.values[feature] ?? 0);
    const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
    mean.push(centre);
    deviation.push(Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length));
  }
  return { mean, deviation };
}

type Objective = (at: Float64Array, gradient: Float64Array) => number;

/** Returns the mean log loss with ridge, and writes its gradient. */
function logLoss(
  at: Float64Array,
  gradient: Float64Array,
  terms: readonly Float64Array[],
  classes: readonly number[],
  ridge: number,
): number {
  const width = terms[0]?.length ?? 0;
  const count = postureClasses.length;
  gradient.fill(0);
  let loss = 0;
  const logits = new Float64Array(count);
  for (const [sample, row] of terms.entries()) {
    for (let one = 0; one < count; one++) {
      let sum = 0;
      for (let term = 0; term < width; term++) {
        sum += (at[one * width + term] as number) * (row[term] as number);
      }
      logits[one] = sum;
    }
    const largest = Math.max(...logits);
    let total = 0;
    for (let one = 0; one < count; one++) {
      total += Math.exp((logits[one] as number) - largest);
    }
    const truth = classes[sample] as number;
    loss += largest + Math.log(total) - (logits[truth] as number);
    for (let one = 0; one < count; one++) {
      const error = Math.exp((logits[one] as number) - largest) / total - (one === truth ? 1 : 0);
      for (let term = 0; term < width; term++) {
        gradient[one * width + term] = (gradient[one * width + term] as number) + error * (row[term] as number);
      }
    }
  }
  let squares = 0;
  for (let index = 0; index < at.length; index++) {
    const isBias = index % width === width - 1;
    const weight = isBias ? 0 : (at[index] as number);
    squares += weight * weight;
    gradient[index] = (gradient[index] as number) / terms.length + ridge * weight;
  }
  return loss / terms.length + (ridge * squares) / 2;
}

const product = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);

function minimise(objective: Objective, start: Float64Array, iterations: number): Float64Array {
  let at = start;
  let gradient = new Float64Array(at.length);
  let value = objective(at, gradient);
  const steps: { moved: Float64Array; turned: Float64Array; scale: number }[] = [];
  for (let iteration = 0; iteration < iterations; iteration++) {
    const towards = direction(gradient, steps);
    const slope = product(towards, gradient);
    let length = iteration === 0 ? 1 / Math.sqrt(product(gradient, gradient)) : 1;
    const next = new Float64Array(at.length);
    let nextGradient = new Float64Array(at.length);
    let nextValue = Number.POSITIVE_INFINITY;
    for (; length > 1e-10; length /= 2) {
      for (let index = 0; index < at.length; index++) {
        next[index] = (at[index] as number) + length * (towards[index] as number);
      }
      nextGradient = new Float64Array(at.length);
      nextValue = objective(next, nextGradient);
      if (nextValue <= value + 1e-4 * length * slope) break;
    }
    if (!(nextValue < value)) break;
    const moved = next.map((one, index) => one - (at[index] as number));
    const turned = nextGradient.map((one, index) => one - (gradient[index] as number));
    const curvature = product(moved, turned);
    if (curvature > 1e-12) {
      steps.push({ moved, turned, scale: 1 / curvature });
    }
    if (steps.length > memory) {
      steps.shift();
    }
    [at, gradient, value] = [next, nextGradient, nextValue];
  }
  return at;
}

/** The two-loop recursion. */
function direction(
  gradient: Float64Array,
  steps: readonly { moved: Float64Array; turned: Float64Array; scale: number }[],
): Float64Array {
  const result = gradient.slice();
  const add = (by: number, vector: Float64Array) => {
    for (let index = 0; index < result.length; index++) {
      result[index] = (result[index] as number) + by * (vector[index] as number);
    }
  };
  const shares = steps.map(() => 0);
  for (let index = steps.length - 1; index >= 0; index--) {
    const { moved, turned, scale } = steps[index] as (typeof steps)[number];
    shares[index] = scale * product(moved, result);
    add(-(shares[index] as number), turned);
  }
  const last = steps.at(-1);
  if (last) {
    const first = 1 / (last.scale * product(last.turned, last.turned));
    for (let index = 0; index < result.length; index++) {
      result[index] = (result[index] as number) * first;
    }
  }
  for (const [index, { moved, turned, scale }] of steps.entries()) {
    add((shares[index] as number) - scale * product(turned, result), moved);
  }
  return result.map((value) => -value);
}
