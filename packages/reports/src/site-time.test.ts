import fc from 'fast-check';
import { addDays, datesBetween, siteTime, weekOfDate } from './site-time.ts';

const zones = ['Europe/Madrid', 'UTC', 'America/St_Johns', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia'];
const times = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2035, 0, 1) });

test('a day and an hour are those that the clock of the site shows, in zones of every kind', () => {
  fc.assert(
    fc.property(fc.constantFrom(...zones), times, (timeZone, ms) => {
      const site = siteTime(timeZone);
      const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(ms);
      expect(`${site.date(ms)} ${String(site.hour(ms)).padStart(2, '0')}`).toBe(shown.slice(0, 13));
    }),
  );
});

test('the clock of the site shows the time that was asked for, unless it skips that time', () => {
  const madrid = siteTime('Europe/Madrid');
  expect(madrid.at('2026-03-28', 150)).toBe(Date.parse('2026-03-28T01:30:00Z'));
  // 02:30 is skipped on this day, and is 03:30 then
  expect(madrid.at('2026-03-29', 150)).toBe(Date.parse('2026-03-29T01:30:00Z'));
  expect(madrid.hour(madrid.at('2026-10-25', 150))).toBe(2);
});

test('a week begins on Monday', () => {
  expect(weekOfDate('2026-03-02')).toBe('2026-03-02');
  expect(weekOfDate('2026-03-08')).toBe('2026-03-02');
  expect(weekOfDate('2026-01-01')).toBe('2025-12-29');
});

test('days are counted over months and years', () => {
  expect(datesBetween('2026-12-30', '2027-01-02')).toHaveLength(4);
  expect(datesBetween('2026-03-02', '2026-03-01')).toEqual([]);
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
});
