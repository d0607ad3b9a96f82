import { lastDays } from './last-days.ts';

test.each([
  ['2026-03-30T22:30:00Z', 'Europe/Madrid', '2026-03-24', '2026-03-30'],
  ['2026-03-30T21:30:00Z', 'Europe/Madrid', '2026-03-23', '2026-03-29'],
  ['2026-03-30T22:30:00Z', 'America/Lima', '2026-03-23', '2026-03-29'],
  ['2026-01-01T12:00:00Z', 'UTC', '2025-12-25', '2025-12-31'],
])('at %s in %s the last seven days are %s to %s', (now, timeZone, from, to) => {
  expect(lastDays(7, timeZone, Date.parse(now))).toEqual({ from, to });
});
