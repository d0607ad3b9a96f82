const dayMs = 86_400_000;
const quarter = 900_000;
const mondayMs = 4 * dayMs;

/** The calendar of a site. All times are epoch ms, dates are such as 2026-03-01. */
export interface SiteTime {
  /** Returns the day at the site. */
  date(ms: number): string;
  /** Returns the hour of the day at the site, 0 to 23; an hour that a clock change repeats is the same hour. */
  hour(ms: number): number;
  /** Returns when the clock of the site shows this time; a time that a clock change skips is moved forward with it. */
  at(date: string, minuteOfDay: number): number;
}

/**
 * Returns the calendar of a time zone.
 * @throws RangeError for a zone that does not exist
 */
export function siteTime(timeZone: string): SiteTime {
  const offset = offsetsOf(timeZone);
  const local = (ms: number): number => ms + offset(ms);
  return {
    date: (ms) => isoDate(local(ms)),
    hour: (ms) => Math.floor(mod(local(ms), dayMs) / 3_600_000),
    at: (date, minuteOfDay) => {
      const wallMs = Date.parse(date) + minuteOfDay * 60_000;
      const guess = wallMs - offset(wallMs);
      const exact = wallMs - offset(guess);
      // neither offset shows this time: the clock skips it
      return local(exact) === wallMs ? exact : Math.max(guess, exact);
    },
  };
}

/** Returns the Monday of the week of a date. */
export function weekOfDate(date: string): string {
  const ms = Date.parse(date);
  return isoDate(ms - mod(ms - mondayMs, 7 * dayMs));
}

/** Returns every date from the first to the last, both included. */
export function datesBetween(from: string, to: string): string[] {
  const days = Math.floor((Date.parse(to) - Date.parse(from)) / dayMs) + 1;
  return Array.from({ length: Math.max(0, days) }, (_, n) => addDays(from, n));
}

/** Returns the date so many days later; earlier for a negative number. */
export function addDays(date: string, days: number): string {
  return isoDate(Date.parse(date) + days * dayMs);
}

/** Asks `Intl` twice a day and, on days with a clock change, once for each quarter of an hour: offsets change on quarters. */
function offsetsOf(timeZone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const ask = (ms: number): number => {
    const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(ms / 60_000) * 60_000;
  };
  const known = new Map<number, number>();
  const offsetAt = (ms: number): number => {
    let found = known.get(ms);
    if (found === undefined) {
      found = ask(ms);
      known.set(ms, found);
    }
    return found;
  };
  return (ms) => {
    const startMs = Math.floor(ms / dayMs) * dayMs;
    const [first, last] = [offsetAt(startMs), offsetAt(startMs + dayMs)];
    return first === last ? first : offsetAt(Math.floor(ms / quarter) * quarter);
  };
}

function isoDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by;
}
