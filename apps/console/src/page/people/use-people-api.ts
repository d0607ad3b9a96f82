import { useMemo } from 'preact/hooks';
import { type Api, ApiError } from '../live/api.ts';
import { usePage } from '../parts/context.ts';
import type { Language } from '../texts/translate.ts';
import { refusalTexts } from './refusal-texts.ts';

/** Returns the page's requests, whose refusals of changes of accounts are in the language of the page. */
export function usePeopleApi(): Api {
  const { api, language } = usePage();
  return useMemo(() => inLanguage(api, language), [api, language]);
}

/** Returns an API whose failed changes state the reason in a language, where there is a text for their code. */
export function inLanguage(api: Api, language: Language): Api {
  return {
    ...api,
    post: (path, body) =>
      api.post<never>(path, body).catch((error: unknown) => {
        throw translated(error, language);
      }),
  };
}

function translated(error: unknown, language: Language): unknown {
  if (!(error instanceof ApiError)) return error;
  const texts = refusalTexts[language];
  const text = Object.hasOwn(texts, error.code) ? texts[error.code] : undefined;
  return text === undefined ? error : new ApiError(error.code, text);
}
