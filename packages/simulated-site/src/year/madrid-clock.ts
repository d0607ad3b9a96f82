const hourMs = 3_600_000;

/** Returns what the clock in Madrid shows, as if it were UTC, by the rule of the European Union and without a table of time zones. */
export function madridWall(ms: number): number {
  const year = new Date(ms).getUTCFullYear();
  const isSummer = ms >= lastSunday(year, 2) + hourMs && ms < lastSunday(year, 9) + hourMs;
  return ms + (isSummer ? 2 : 1) * hourMs;
}

/** Midnight UTC of the last Sunday of a month (0 to 11) of 31 days. */
function lastSunday(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month, 31));
  return last.getTime() - last.getUTCDay() * 24 * hourMs;
}
