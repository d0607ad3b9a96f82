/** Times of day as `HH:MM`; `from` after `to` goes over midnight. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
}

/** Whether a moment (epoch ms) lies in the quiet hours of a time zone; `from` belongs to them, `to` no longer. */
export function isQuiet(hours: QuietHours | undefined, timeZone: string, atMs: number): boolean {
  if (hours === undefined || hours.from === hours.to) return false;
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const now = format.format(atMs);
  return hours.from < hours.to ? now >= hours.from && now < hours.to : now >= hours.from || now < hours.to;
}
