import { en, type TextKey } from '../texts/en.ts';
import { type Language, translate } from '../texts/translate.ts';
import { ApiError } from './api.ts';

/** A failure in the page's language where there is a text for it; otherwise the console's message. */
export function errorText(language: Language, error: unknown): string {
  const key = error instanceof ApiError ? `error.${error.code}` : '';
  if (Object.hasOwn(en, key)) return translate(language, key as TextKey);
  return error instanceof Error ? error.message : String(error);
}
