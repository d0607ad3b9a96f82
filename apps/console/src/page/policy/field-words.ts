import type { PolicyField } from '@vigilia/protocol';
import type { Language } from '../texts/translate.ts';
import { policyMeaningsEs, unitEs } from './field-texts-es.ts';

/** Returns what a setting means, in the page's language where it has a text for it. */
export function meaningOf(language: Language, { path, meaning }: Pick<PolicyField, 'path' | 'meaning'>): string {
  return (language === 'es' ? policyMeaningsEs[path.join('.')] : undefined) ?? meaning;
}

export function unitOf(language: Language, { unit }: Pick<PolicyField, 'unit'>): string | undefined {
  if (unit === undefined) return undefined;
  return (language === 'es' ? unitEs(unit) : unit === 'fps' ? 'per second' : undefined) ?? unit;
}
