import { figuresOf, keepsGoal, sinkResult } from '../run-bench.mjs';
import { median, quantile } from './numbers.ts';
import { cpuSeconds, memoryMb, processTree } from './process-tree.ts';

test('medians and quantiles are values that were measured', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(quantile([5, 1, 4, 2, 3], 0.95)).toBe(5);
  expect(median([])).toBeNaN();
});

test.each([
  [1.2, '≤ 1.25', true],
  [1.3, '≤ 1.25', false],
  [0.9, '≥ 0.93', false],
  [7, 'none', true],
])('%d against "%s": %s', (ratio, goal, kept) => {
  expect(keepsGoal({ ratio, goal })).toBe(kept);
});

test('a figure that was measured with another has a goal of its own', () => {
  const result = (ratio: number) => ({
    bench: 'one',
    ratio: 0.5,
    goal: '≤ 1',
    detail: {},
    more: [{ bench: 'one, with another', ratio, goal: '≤ 5' }],
  });
  expect(figuresOf(result(4)).map(keepsGoal)).toEqual([true, true]);
  expect(figuresOf(result(6)).map(keepsGoal)).toEqual([true, false]);
});

test('a process tree has at least this process, with CPU seconds and memory', () => {
  expect(processTree(process.pid)).toContain(process.pid);
  expect(cpuSeconds(process.pid)).toBeGreaterThan(0);
  const { resident, proportional } = memoryMb(process.pid);
  expect(resident).toBeGreaterThan(10);
  expect(proportional).toBeLessThanOrEqual(resident);
});

test('a process that has ended has no usage to report', () => {
  expect(cpuSeconds(2 ** 30)).toBe(0);
  expect(memoryMb(2 ** 30)).toEqual({ resident: 0, proportional: 0 });
});

test.each([
  ['every bound holds', { drain: true, start_cpu: true }, true],
  ['draining is fast enough and a start takes too long', { drain: true, start_cpu: false }, false],
  ['it ended before its result', undefined, false],
])('the sink keeps its goal only where all its bounds hold: %s', (_, bounds, kept) => {
  const drain = { bench: 'drain over bare client.bulk', ratio: 0.93 };
  const result = sinkResult(bounds === undefined ? [drain] : [drain, { bench: 'bounds kept', ...bounds }]);
  expect(keepsGoal(result)).toBe(kept);
});
