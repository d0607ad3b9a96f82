import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { SessionView } from '../../shared/session-view.ts';
import { type Api, ApiError } from '../live/api.ts';
import { errorText } from '../live/error-text.ts';
import { type Language, translate } from '../texts/translate.ts';

/** Returns the token of a link `#/station/TOKEN`; undefined for every other address. */
export function stationToken(hash: string): string | undefined {
  return /^#\/station\/([\w-]{20,})$/.exec(hash)?.[1];
}

const againMs = 5000;

export interface StationSignInProps {
  readonly api: Api;
  readonly language: Language;
  readonly token: string;
  readonly onSession: (session: SessionView) => void;
}

/** Signs a station display in by its link, and takes the token out of the address. */
export function StationSignIn({ api, language, token, onSession }: StationSignInProps): JSX.Element {
  const [trouble, setTrouble] = useState('');
  useEffect(() => {
    let again: ReturnType<typeof setTimeout> | undefined;
    const signIn = (): void => {
      api.signInStation(token).then(
        (session) => {
          history.replaceState(undefined, '', '#/station');
          onSession(session);
        },
        (error: unknown) => {
          setTrouble(errorText(language, error));
          // a wall screen has no person who would press a button
          if (error instanceof ApiError && error.code === 'unreachable') {
            again = setTimeout(signIn, againMs);
          }
        },
      );
    };
    signIn();
    return () => clearTimeout(again);
  }, [api, language, token, onSession]);
  return (
    <main class="sign-in">
      <div class="panel">
        <h1>{translate(language, 'station.sign_in')}</h1>
        <p class="trouble" role="alert">
          {trouble}
        </p>
      </div>
    </main>
  );
}
