import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { SessionView } from '../shared/session-view.ts';
import type { Api } from './live/api.ts';
import { errorText } from './texts/error-text.ts';
import { type Language, translate } from './texts/translate.ts';

export interface SignInProps {
  readonly api: Api;
  readonly language: Language;
  /** Somebody was signed in on this page before. */
  readonly ended: boolean;
  readonly onSession: (session: SessionView) => void;
}

export function SignIn({ api, language, ended, onSession }: SignInProps): JSX.Element {
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setTrouble('');
    try {
      onSession(await api.signIn(String(form.get('name')), String(form.get('password'))));
    } catch (error) {
      setTrouble(errorText(language, error));
      setBusy(false);
    }
  };
  return (
    <main class="sign-in">
      <form class="panel" onSubmit={submit} aria-labelledby="sign-in-title">
        <p class="brand">Vigilia</p>
        <h1 id="sign-in-title">{translate(language, 'sign_in.title')}</h1>
        {ended ? <p class="quiet">{translate(language, 'sign_in.ended')}</p> : null}
        <label class="field">
          <span>{translate(language, 'sign_in.name')}</span>
          <input name="name" autoComplete="username" autoCapitalize="none" required />
        </label>
        <label class="field">
          <span>{translate(language, 'sign_in.password')}</span>
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        <p class="trouble" role="alert">
          {trouble}
        </p>
        <button type="submit" class="main" disabled={busy}>
          {translate(language, 'sign_in.button')}
        </button>
      </form>
    </main>
  );
}
