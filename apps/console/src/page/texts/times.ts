import { type Language, translate } from './translate.ts';

/** 24 hours in both languages: a night shift must not read 3:10 twice a day. */
const locales: Readonly<Record<Language, string>> = { en: 'en-GB', es: 'es-ES' };

/** `15:42:07`; with the day in front when it is not today's. */
export function clockTime(language: Language, iso: string, nowMs: number): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '';
  const time = new Intl.DateTimeFormat(locales[language], { timeStyle: 'medium' }).format(at);
  if (at.toDateString() === new Date(nowMs).toDateString()) return time;
  const day = new Intl.DateTimeFormat(locales[language], { day: 'numeric', month: 'short' }).format(at);
  return `${day}, ${time}`;
}

/** `3 Mar 2026`. */
export function clockDay(language: Language, iso: string): string {
  const format = new Intl.DateTimeFormat(locales[language], { day: 'numeric', month: 'short', year: 'numeric' });
  return format.format(new Date(iso));
}

/** `42 s`, `3 min`, `2 h 5 min`. */
export function duration(language: Language, ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return translate(language, 'time.seconds', { n: seconds });
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return translate(language, 'time.minutes', { n: minutes });
  return translate(language, 'time.hours', { n: Math.floor(minutes / 60), m: minutes % 60 });
}

/** How often a room is looked at: `1 a second`, `every 10 s`. */
export function rate(language: Language, fps: number): string {
  if (fps >= 1) return translate(language, 'room.rate', { fps: Math.round(fps * 10) / 10 });
  return translate(language, 'room.rate.slow', { seconds: Math.round((1 / fps) * 10) / 10 });
}

/** A number with one digit after the decimal sign of the language. */
export function oneDigit(language: Language, value: number): string {
  return value.toLocaleString(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}
