import { addDays, type SiteTime } from './site-time.ts';

/** When shifts begin where a site does not state it: morning, afternoon, night. */
export const usualShifts = ['07:00', '15:00', '22:00'] as const;

/** From (included) to (not included), epoch ms. */
export interface Shift {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Returns the minute of the day of a time such as 07:00; undefined for any other text. */
export function minuteOfDay(text: string): number | undefined {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}

/**
 * Returns the shift that ended last.
 * @param starts when shifts begin, minutes of the day at the site; at least one
 */
export function lastShift(nowMs: number, starts: readonly number[], site: SiteTime): Shift {
  const today = site.date(nowMs);
  const bounds = [-2, -1, 0]
    .flatMap((days) => starts.map((minute) => site.at(addDays(today, days), minute)))
    .filter((ms) => ms <= nowMs)
    .sort((a, b) => a - b);
  const [fromMs = nowMs, toMs = nowMs] = bounds.slice(-2);
  return { fromMs, toMs };
}
