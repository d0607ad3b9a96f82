import { lastShift } from './last-shift.ts';
import { siteTime } from './site-time.ts';

const madrid = siteTime('Europe/Madrid');
const starts = [7 * 60, 15 * 60, 22 * 60];
const shiftAt = (now: string) => {
  const { fromMs, toMs } = lastShift(Date.parse(now), starts, madrid);
  return [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
};

test('in the morning the last shift is the night that began the day before, by the clock of the site', () => {
  expect(shiftAt('2026-02-10T06:30:00Z')).toEqual(['2026-02-09T21:00:00.000Z', '2026-02-10T06:00:00.000Z']);
});

test('a shift ends in the moment in which the next begins', () => {
  expect(shiftAt('2026-02-10T14:00:00Z')).toEqual(['2026-02-10T06:00:00.000Z', '2026-02-10T14:00:00.000Z']);
  expect(shiftAt('2026-02-10T13:59:59Z')).toEqual(['2026-02-09T21:00:00.000Z', '2026-02-10T06:00:00.000Z']);
});

test('the night in which the clocks go forward has eight hours, the one in which they go back has ten', () => {
  expect(shiftAt('2026-03-29T08:00:00Z')).toEqual(['2026-03-28T21:00:00.000Z', '2026-03-29T05:00:00.000Z']);
  expect(shiftAt('2026-10-25T08:00:00Z')).toEqual(['2026-10-24T20:00:00.000Z', '2026-10-25T06:00:00.000Z']);
});

test('a site with one shift a day has the last 24 hours that are over', () => {
  const { fromMs, toMs } = lastShift(Date.parse('2026-02-10T20:00:00Z'), [8 * 60], madrid);
  expect([fromMs, toMs]).toEqual([Date.parse('2026-02-09T07:00:00Z'), Date.parse('2026-02-10T07:00:00Z')]);
});
