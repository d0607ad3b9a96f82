import { en, type TextKey, type Texts } from './en.ts';
import { es } from './es.ts';
import { fill, type GapValues } from './fill.ts';

export const languages = { en: 'English', es: 'Español' } as const;
export type Language = keyof typeof languages;

const dictionaries: Readonly<Record<Language, Texts>> = { en, es };

/** A text with its gaps filled in. */
export function translate(language: Language, key: TextKey, values?: GapValues): string {
  return fill(dictionaries[language][key], values);
}

/** The first of the browser's languages that we speak; English otherwise. */
export function preferredLanguage(wanted: readonly string[]): Language {
  const codes = wanted.map((one) => one.slice(0, 2).toLowerCase());
  return (codes.find((code) => Object.hasOwn(languages, code)) as Language | undefined) ?? 'en';
}
