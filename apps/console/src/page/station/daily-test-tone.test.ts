import { testIsDue } from './daily-test-tone.ts';

const at = (day: number, hour: number, minute = 0): number => new Date(2026, 2, day, hour, minute).getTime();

it.each([
  ['never played', at(5, 3), undefined, true],
  ['played yesterday at ten, now before ten', at(5, 9, 59), at(4, 10), false],
  ['played yesterday at ten, now ten', at(5, 10), at(4, 10), true],
  ['played today after ten', at(5, 23), at(5, 10, 1), false],
  ['played early today, now after ten', at(5, 12), at(5, 8), true],
  ['the display was off for three days', at(8, 4), at(5, 10), true],
])('the test tone sounds once a day after ten: %s', (_, nowMs, lastMs, due) => {
  expect(testIsDue(nowMs, lastMs)).toBe(due);
});
