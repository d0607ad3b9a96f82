import { type Language, languages, preferredLanguage } from '../texts/translate.ts';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** What this device remembers. */
export interface PageSettings {
  readonly language: Language;
  readonly theme: Theme;
  /** Whether alarms sound; `unasked` until the person has decided. */
  readonly sound: 'on' | 'off' | 'unasked';
  /** Where no sign-in is needed: who uses this device. */
  readonly name: string;
}

const key = 'vigilia';

export function loadSettings(): PageSettings {
  const kept = readKept();
  const { language, theme, sound, name } = kept;
  return {
    language: Object.hasOwn(languages, String(language))
      ? (language as Language)
      : preferredLanguage(navigator.languages),
    theme: themes.find((one) => one === theme) ?? 'auto',
    sound: sound === 'on' || sound === true ? 'on' : sound === 'off' ? 'off' : 'unasked',
    name: typeof name === 'string' ? name.slice(0, 64) : '',
  };
}

export function keepSettings(settings: PageSettings): void {
  try {
    localStorage.setItem(key, JSON.stringify(settings));
  } catch {
    // A browser that keeps nothing still works; it only forgets.
  }
}

function readKept(): Record<string, unknown> {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '{}') as Record<string, unknown>;
  } catch {
    return {};
  }
}
