import { wilson } from './wilson.ts';

// The last row is example 1 (a) of Newcombe, Two-sided confidence intervals for the single proportion (1998), method 3.
test.each([
  [10, 10, 0.7225, 1],
  [0, 10, 0, 0.2775],
  [8, 10, 0.4902, 0.9433],
  [1, 1, 0.2065, 1],
  [81, 263, 0.2553, 0.3662],
])('the interval of %d of %d is the published one: %d to %d', (successes, trials, low, high) => {
  const interval = wilson(successes, trials);
  expect(interval?.low).toBeCloseTo(low, 4);
  expect(interval?.high).toBeCloseTo(high, 4);
});

test('fifteen falls that were all found do not prove more than 79.6 %, however often each is run', () => {
  expect(wilson(15, 15)?.low).toBeCloseTo(0.7961, 4);
});

test('without a fall there is no interval to quote', () => {
  expect(wilson(0, 0)).toBeUndefined();
});
