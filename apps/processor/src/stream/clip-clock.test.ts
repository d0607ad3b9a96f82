import { clipPosition } from './clip-clock.ts';

test.each([
  ['at the beginning', 1_000_000, 1_000_000, 95, 0],
  ['within the first round', 1_012_500, 1_000_000, 95, 12.5],
  ['in a later round', 1_000_000 + 95_000 * 3 + 7_000, 1_000_000, 95, 7],
  ['before the demo began', 990_000, 1_000_000, 95, 85],
  ['of a clip without length', 1_012_500, 1_000_000, 0, 0],
])('%s', (_, now, epoch, duration, expected) => {
  expect(clipPosition(now, epoch, duration)).toBeCloseTo(expected, 6);
});
