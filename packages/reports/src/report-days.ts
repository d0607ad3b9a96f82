import type { ReportRecords } from './records.ts';
import { addDays, siteTime } from './site-time.ts';

/** The days that a person asks for; all are optional. */
export interface WantedDays {
  /** First and last day at the site, such as 2026-03-01. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** The last shift may have begun the day before yesterday. */
const shiftDays = 3;

/** Returns the first and last day of the records that a report needs: of its period, by the clock of any site, and of the last shift. */
export function daysToRead(wanted: WantedDays, nowMs: number): { readonly readFrom: string; readonly readTo: string } {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const from = wanted.from ?? addDays(wanted.to ?? addDays(today, -2), -6);
  const [readFrom = from] = [from, addDays(today, -shiftDays)].sort();
  const [readTo = today] = [wanted.to ?? today, addDays(today, 1)].sort().reverse();
  return { readFrom, readTo };
}

/**
 * Returns the days that were asked for; without any, the last seven that are over by the clock of the site. The first may be after the
 * last.
 */
export function askedPeriod(
  wanted: WantedDays,
  { days }: ReportRecords,
  nowMs: number,
): { readonly from: string; readonly to: string } {
  const to = wanted.to ?? addDays(siteTime(zoneOf(days)).date(nowMs), -1);
  return { from: wanted.from ?? addDays(to, -6), to };
}

/** Returns the time zone of the site when its last day was recorded; UTC without any. */
export function zoneOf(days: ReportRecords['days']): string {
  return days.at(-1)?.time_zone ?? 'UTC';
}
