import { enReport, type ReportTextKey, type ReportTexts } from './en.ts';
import { esReport } from './es.ts';

export const reportLanguages = ['en', 'es'] as const;
export type ReportLanguage = (typeof reportLanguages)[number];

const dictionaries: Readonly<Record<ReportLanguage, ReportTexts>> = { en: enReport, es: esReport };
const locales: Readonly<Record<ReportLanguage, string>> = { en: 'en-GB', es: 'es-ES' };

/** Texts, numbers and times of a report in one language. */
export interface ReportWords {
  text(key: ReportTextKey, values?: Readonly<Record<string, string | number>>): string;
  /** Returns the text of a cause of unwatched or blind time; the word itself where it is not known. */
  cause(cause: string): string;
  /** Returns milliseconds as minutes; `–` for undefined. */
  minutes(ms: number | undefined): string;
  /** Returns a number, with at most one digit after the decimal sign. */
  number(value: number): string;
  /** Returns a share of 0..1 as a percentage; `–` for undefined. */
  share(value: number | undefined): string;
  /** Returns a day such as 2026-03-01 as people write it. */
  day(date: string): string;
  /** Returns a day without its year, for charts. */
  shortDay(date: string): string;
  /** Returns day and time at the site of epoch ms. */
  moment(ms: number): string;
}

export function reportWords(language: ReportLanguage, timeZone: string): ReportWords {
  const texts = dictionaries[language];
  const locale = locales[language];
  const decimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const shortDays = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  const text: ReportWords['text'] = (key, values = {}) =>
    texts[key].replace(/\{(\w+)\}/g, (gap, name: string) => String(values[name] ?? gap));
  return {
    text,
    cause: (cause) => (Object.hasOwn(texts, `cause.${cause}`) ? text(`cause.${cause}` as ReportTextKey) : cause),
    minutes: (ms) => (ms === undefined ? '–' : decimal.format(ms / 60_000)),
    number: (value) => decimal.format(value),
    share: (value) => (value === undefined ? '–' : percent.format(value)),
    day: (date) => days.format(Date.parse(date)),
    shortDay: (date) => shortDays.format(Date.parse(date)),
    moment: (ms) => moments.format(ms),
  };
}
