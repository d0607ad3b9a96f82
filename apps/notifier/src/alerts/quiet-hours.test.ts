import { isQuiet } from './quiet-hours.ts';

const night = { from: '22:00', to: '07:00' };

test.each([
  ['2026-01-01T21:59:00Z', 'UTC', false],
  ['2026-01-01T22:00:00Z', 'UTC', true],
  ['2026-01-02T06:59:59Z', 'UTC', true],
  ['2026-01-02T07:00:00Z', 'UTC', false],
  ['2026-01-01T21:30:00Z', 'Europe/Madrid', true],
  ['2026-07-01T20:30:00Z', 'Europe/Madrid', true],
  ['2026-07-01T05:30:00Z', 'Europe/Madrid', false],
  ['2026-01-02T00:00:00Z', 'UTC', true],
])('at %s in %s: %s', (moment, zone, quiet) => {
  expect(isQuiet(night, zone, Date.parse(moment))).toBe(quiet);
});

test('hours within a day, and none at all', () => {
  expect(isQuiet({ from: '13:00', to: '15:00' }, 'UTC', Date.parse('2026-01-01T14:00:00Z'))).toBe(true);
  expect(isQuiet({ from: '13:00', to: '15:00' }, 'UTC', Date.parse('2026-01-01T15:00:00Z'))).toBe(false);
  expect(isQuiet(undefined, 'UTC', 0)).toBe(false);
});
