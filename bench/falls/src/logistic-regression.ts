export interface LabelledRow {
  readonly features: readonly number[];
  readonly positive: boolean;
}

const mostSteps = 100;
const settled = 1e-9;

/**
 * Fits a logistic regression by Newton's method. `features` of each row need a constant 1 where a bias is wanted. A weak Gaussian
 * prior (zero mean, standard deviation `priorDeviation`) keeps the weights finite where a few rows separate the classes.
 * Returns one weight per feature. Throws `RangeError` where no row or only one class is given.
 */
export function fitLogisticRegression(rows: readonly LabelledRow[], priorDeviation = 3): number[] {
  const positives = rows.filter(({ positive }) => positive).length;
  if (positives === 0 || positives === rows.length)
    throw new RangeError(
      `A logistic regression needs rows of both classes, but ${positives} of ${rows.length} are positive.`,
    );
  const size = rows[0]?.features.length ?? 0;
  const precision = 1 / priorDeviation ** 2;
  let weights = new Array<number>(size).fill(0);
  for (let step = 0; step < mostSteps; step++) {
    const { gradient, hessian } = derivatives(rows, weights, precision);
    const change = solve(hessian, gradient);
    weights = weights.map((weight, index) => weight - (change[index] ?? 0));
    if (Math.max(...change.map(Math.abs)) < settled) break;
  }
  return weights;
}

function derivatives(rows: readonly LabelledRow[], weights: readonly number[], precision: number) {
  const gradient = weights.map((weight) => weight * precision);
  const hessian = weights.map((_, row) => weights.map((__, column) => (row === column ? precision : 0)));
  for (const { features, positive } of rows) {
    const sum = features.reduce((total, value, index) => total + value * (weights[index] ?? 0), 0);
    const chance = 1 / (1 + Math.exp(-sum));
    for (const [row, value] of features.entries()) {
      gradient[row] = (gradient[row] ?? 0) + (chance - (positive ? 1 : 0)) * value;
      const line = hessian[row] as number[];
      for (const [column, other] of features.entries()) {
        line[column] = (line[column] ?? 0) + chance * (1 - chance) * value * other;
      }
    }
  }
  return { gradient, hessian };
}

/** Solves a small symmetric positive definite system by Gaussian elimination. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, index) => [...row, right[index] ?? 0]);
  for (const [pivot, row] of rows.entries()) {
    for (const other of rows.slice(pivot + 1)) {
      const factor = (other[pivot] ?? 0) / (row[pivot] ?? 1);
      for (let column = pivot; column < other.length; column++) {
        other[column] = (other[column] ?? 0) - factor * (row[column] ?? 0);
      }
    }
  }
  const solution = new Array<number>(rows.length).fill(0);
  for (let index = rows.length - 1; index >= 0; index--) {
    const row = rows[index] ?? [];
    let value = row[rows.length] ?? 0;
    for (let column = index + 1; column < rows.length; column++) {
      value -= (row[column] ?? 0) * (solution[column] ?? 0);
    }
    solution[index] = value / (row[index] ?? 1);
  }
  return solution;
}
