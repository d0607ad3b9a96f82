/** The postures that one frame can show. `sitting` includes kneeling and squatting. */
export const postureClasses = ['upright', 'sitting', 'floorSitting', 'lying'] as const;

/** One number for each of `postureClasses`. */
export type ByPosture = readonly [upright: number, sitting: number, floorSitting: number, lying: number];

/** Coefficients of the posture model; made by `npm run train:posture`. */
export interface PostureCoefficients {
  /** Share of each class among the samples it was trained on. */
  readonly prior: ByPosture;
  /** Mean and deviation of each feature. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** One row for each class: a weight for each term. */
  readonly weights: readonly (readonly number[])[];
  readonly bias: ByPosture;
}

/** Returns the terms of the model: each standardised feature, then the product of each pair (k ≤ l), in order. */
export function postureTerms(
  values: readonly number[],
  { mean, deviation }: Pick<PostureCoefficients, 'mean' | 'deviation'>,
): number[] {
  const standardised = values.map((value, index) => (value - (mean[index] ?? 0)) / (deviation[index] ?? 1));
  const terms = [...standardised];
  for (const [index, one] of standardised.entries()) {
    for (const other of standardised.slice(index)) {
      terms.push(one * other);
    }
  }
  return terms;
}

/** Returns the probability of each posture: a softmax over linear sums of the terms. */
export function judgePosture(values: readonly number[], coefficients: PostureCoefficients): ByPosture {
  const terms = postureTerms(values, coefficients);
  const logits = coefficients.weights.map((row, index) =>
    row.reduce((sum, weight, term) => sum + weight * (terms[term] ?? 0), coefficients.bias[index] ?? 0),
  );
  const largest = Math.max(...logits);
  const [upright = 0, sitting = 0, floorSitting = 0, lying = 0] = logits.map((logit) => Math.exp(logit - largest));
  const total = upright + sitting + floorSitting + lying;
  return [upright / total, sitting / total, floorSitting / total, lying / total];
}
