import { fitLogisticRegression } from './logistic-regression.ts';
import { seededRandom } from './random.ts';

test('the weights that made the labels are found again', () => {
  const random = seededRandom(1);
  const truth = [1.5, -2, 0.7];
  const rows = Array.from({ length: 20_000 }, () => {
    const features = [random() * 4 - 2, random() * 4 - 2, 1];
    const sum = features.reduce((total, value, index) => total + value * (truth[index] ?? 0), 0);
    return { features, positive: random() < 1 / (1 + Math.exp(-sum)) };
  });
  const weights = fitLogisticRegression(rows);
  for (const [index, weight] of weights.entries()) {
    expect(Math.abs(weight - (truth[index] ?? Number.NaN))).toBeLessThan(0.1);
  }
});

test('a bias alone gives the share of positives', () => {
  const rows = Array.from({ length: 1000 }, (_, index) => ({ features: [1], positive: index < 800 }));
  const [bias = Number.NaN] = fitLogisticRegression(rows);
  expect(1 / (1 + Math.exp(-bias))).toBeCloseTo(0.8, 3);
});

test('classes that one feature separates give finite weights of the right sign', () => {
  const rows = [-2, -1, 1, 2].map((value) => ({ features: [value, 1], positive: value > 0 }));
  const [weight = Number.NaN] = fitLogisticRegression(rows);
  expect(weight).toBeGreaterThan(1);
  expect(weight).toBeLessThan(20);
});

test('rows of one class alone are refused, because nothing can be learnt from them', () => {
  expect(() => fitLogisticRegression([{ features: [1], positive: true }])).toThrow('1 of 1 are positive');
});
