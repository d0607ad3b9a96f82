import { createBackoff } from './backoff.ts';

test('doubles up to the limit and starts again after a success', () => {
  const backoff = createBackoff({ minMs: 1000, maxMs: 30_000, jitter: 0 });
  expect(Array.from({ length: 7 }, () => backoff.next())).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  expect(backoff.attempts).toBe(7);
  backoff.reset();
  expect(backoff.next()).toBe(1000);
});

test.each([
  [0, 800],
  [0.5, 1000],
  [0.999999, 1200],
])('jitter spreads by a fifth (random %d)', (random, expected) => {
  expect(createBackoff({ minMs: 1000, maxMs: 30_000, random: () => random }).next()).toBeCloseTo(expected, 0);
});

test('stays finite and within the limit after days of failures', () => {
  const backoff = createBackoff({ minMs: 250, maxMs: 5000, random: () => 0.9999 });
  const waits = Array.from({ length: 20_000 }, () => backoff.next());
  expect(Math.max(...waits)).toBe(5000);
});
