import type { ReportQuery } from '../../shared/report-view.ts';

const dayMs = 86_400_000;

/** So many days, the last of them yesterday, as the calendar of the site counts days: the browser may be elsewhere. */
export function lastDays(
  days: number,
  timeZone: string,
  nowMs = Date.now(),
): Required<Pick<ReportQuery, 'from' | 'to'>> {
  // Swedish writes 2026-03-29
  const today = new Date(nowMs).toLocaleDateString('sv', { timeZone });
  const before = (count: number): string => new Date(Date.parse(today) - count * dayMs).toISOString().slice(0, 10);
  return { from: before(days), to: before(1) };
}
