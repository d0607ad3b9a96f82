import { addDays } from './site-time.ts';

/** The days of a report, and the days whose records it needs. */
export interface ReportDays {
  readonly from: string;
  readonly to: string;
  readonly readFrom: string;
  readonly readTo: string;
}

/** The last shift may have begun the day before yesterday. */
const shiftDays = 3;

/** Returns the days that were asked for; without any, the last seven that are over (UTC). The first may be after the last. */
export function reportDays(
  wanted: { readonly from?: string | undefined; readonly to?: string | undefined },
  nowMs: number,
): ReportDays {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const to = wanted.to ?? addDays(today, -1);
  const from = wanted.from ?? addDays(to, -6);
  const [readFrom = from] = [from, addDays(today, -shiftDays)].sort();
  const [readTo = to] = [to, addDays(today, 1)].sort().reverse();
  return { from, to, readFrom, readTo };
}
