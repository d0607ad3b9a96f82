import { type Language, translate } from '../texts/translate.ts';
import type { PageContext } from './context.ts';
import { causeText, verdictCauseText } from './room-texts.ts';

const inLanguage =
  (language: Language): PageContext['t'] =>
  (key, values) =>
    translate(language, key, values);

test.each([
  ['en', 'dark', 'too dark to see by', 'infrared light'],
  ['en', 'covered', 'covers the camera', 'clean the lens'],
  ['es', 'dark', 'demasiado oscura', 'luz infrarroja'],
  ['es', 'covered', 'tapa la cámara', 'limpie el objetivo'],
] as const)('a nurse reads (%s) why a room that is %s has no picture, and what to do', (language, cause, why, what) => {
  const text = causeText(inLanguage(language), cause);
  expect(text).toContain(why);
  expect(text).toContain(what);
});

test('a cause without words of its own is shown as it is', () => {
  expect(causeText(inLanguage('en'), 'unreachable')).toBe('unreachable');
});

test('a cause that a person typed is never replaced by the words for a camera', () => {
  expect(verdictCauseText(inLanguage('en'), 'dark')).toBe('dark');
  expect(verdictCauseText(inLanguage('es'), 'slipped')).toBe('resbaló');
});
