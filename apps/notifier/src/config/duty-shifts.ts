export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
type Weekday = (typeof weekdays)[number];

/** A part of the day in which certain people are on duty. It belongs to the day on which it begins, also where it goes over midnight. */
export interface DutyShift {
  /** Times of day as `HH:MM`; equal: around the clock, from this time on. */
  readonly from: string;
  readonly to: string;
  /** Days on which it begins; undefined: each day. */
  readonly days?: readonly Weekday[] | undefined;
  /** `also`: a holiday is a day like others; `never`: it does not begin on holidays; `only`: it begins on holidays, whatever their weekday. */
  readonly holidays: 'also' | 'never' | 'only';
}

/** A moment by the clock of the site. */
export interface LocalMoment {
  /** `HH:MM` */
  readonly time: string;
  readonly today: LocalDay;
  readonly yesterday: LocalDay;
}

interface LocalDay {
  readonly weekday: Weekday;
  readonly isHoliday: boolean;
}

const dayMs = 86_400_000;

/** By time zone: making one takes much longer than using it, and alarms are looked at each second. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(timeZone, format);
  return format;
}

/** Returns the moment of epoch ms by the clock of a time zone. @param holidays dates such as 2026-12-25 */
export function localMoment(timeZone: string, holidays: readonly string[], atMs: number): LocalMoment {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, value]),
  );
  const date = `${parts.year}-${parts.month}-${parts.day}`;
  const day = (iso: string): LocalDay => {
    // day 0 of JavaScript is a Sunday
    const weekday = weekdays[(new Date(iso).getUTCDay() + 6) % 7] ?? 'mon';
    return { weekday, isHoliday: holidays.includes(iso) };
  };
  const before = new Date(Date.parse(date) - dayMs).toISOString().slice(0, 10);
  return { time: `${parts.hour}:${parts.minute}`, today: day(date), yesterday: day(before) };
}

/** Returns whether a shift is on duty; `from` belongs to it, `to` no longer. */
export function isOnDuty({ from, to, days, holidays }: DutyShift, { time, today, yesterday }: LocalMoment): boolean {
  const beginsOn = ({ weekday, isHoliday }: LocalDay): boolean => {
    if (holidays === 'only') return isHoliday;
    if (holidays === 'never' && isHoliday) return false;
    return days === undefined || days.includes(weekday);
  };
  if (from < to) return time >= from && time < to && beginsOn(today);
  return (time >= from && beginsOn(today)) || (time < to && beginsOn(yesterday));
}

/**
 * Returns a moment of each kind that the shifts distinguish: each time at which one begins or ends, on each weekday, as a holiday
 * and not, after a holiday and not.
 */
export function distinctMoments(shifts: readonly DutyShift[]): LocalMoment[] {
  const times = [...new Set(['00:00', ...shifts.flatMap(({ from, to }) => [from, to])])].sort();
  const kinds = [false, true];
  return weekdays.flatMap((weekday, index) => {
    const before = weekdays[(index + 6) % 7] ?? 'sun';
    return times.flatMap((time) =>
      kinds.flatMap((isHoliday) =>
        kinds.map((wasHoliday) => {
          const today = { weekday, isHoliday };
          return { time, today, yesterday: { weekday: before, isHoliday: wasHoliday } };
        }),
      ),
    );
  });
}
