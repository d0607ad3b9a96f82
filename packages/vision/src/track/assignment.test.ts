import fc from 'fast-check';
import { assign } from './assignment.ts';

test('the cheapest pairs together, not each row for itself', () => {
  expect(
    assign(
      [
        [1, 2],
        [1.5, 9],
      ],
      10,
    ),
  ).toEqual([
    { row: 0, column: 1 },
    { row: 1, column: 0 },
  ]);
});

test('pairs above the limit are none, nor are rows without a column', () => {
  expect(assign([[5], [0.5], [0.7]], 1)).toEqual([{ row: 1, column: 0 }]);
  expect(assign([], 1)).toEqual([]);
  expect(assign([[], []], 1)).toEqual([]);
  expect(assign([[Number.POSITIVE_INFINITY, 1]], 5)).toEqual([{ row: 0, column: 1 }]);
});

test('a cost that is not a number makes no pair, and never prevents the judgement of a room', () => {
  expect(
    assign(
      [
        [Number.NaN, 1],
        [Number.NaN, Number.NaN],
      ],
      5,
    ),
  ).toEqual([{ row: 0, column: 1 }]);
});

/** Every way of pairing; the least sum of costs. */
function least(costs: readonly (readonly number[])[], row = 0, taken: readonly number[] = []): number {
  const [first] = costs.slice(row);
  if (!first) return 0;
  const sums = first.flatMap((cost, column) =>
    taken.includes(column) ? [] : [cost + least(costs, row + 1, [...taken, column])],
  );
  return Math.min(...sums);
}

test('finds the same assignment as trying every one', () => {
  const matrix = fc.integer({ min: 1, max: 5 }).chain((size) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: size, maxLength: size }), {
      minLength: size,
      maxLength: size,
    }),
  );
  fc.assert(
    fc.property(matrix, (costs) => {
      const sum = assign(costs, 1000).reduce((total, { row, column }) => total + (costs[row]?.[column] ?? 0), 0);
      expect(sum).toBe(least(costs));
    }),
  );
});
