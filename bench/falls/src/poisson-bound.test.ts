import { poissonUpperBound } from './poisson-bound.ts';

// Table of the one-sided 95 % limits of a Poisson mean (half the chi-squared quantile with 2n + 2 degrees of freedom).
test.each([
  [0, 2.9957],
  [1, 4.7439],
  [2, 6.2958],
  [5, 10.513],
  [20, 29.062],
])('%d false alarms leave a rate of up to %d possible', (events, bound) => {
  expect(poissonUpperBound(events)).toBeCloseTo(bound, 3);
});
