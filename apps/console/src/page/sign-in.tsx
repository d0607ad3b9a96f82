import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { SessionView } from '../shared/session-view.ts';
import type { AlarmSound } from './audio/alarm-sound.ts';
import type { Api } from './live/api.ts';
import { errorText } from './live/error-text.ts';
import type { PageSettings } from './live/settings.ts';
import { later } from './parts/later.tsx';
import type { OtherWaysProps } from './sign-in/other-ways.tsx';
import { translate } from './texts/translate.ts';

const OtherWays = later<OtherWaysProps>(async () => (await import('./sign-in/other-ways.tsx')).OtherWays);

export interface SignInProps {
  readonly api: Api;
  readonly sound: AlarmSound;
  readonly settings: PageSettings;
  readonly change: (settings: Partial<PageSettings>) => void;
  /** A person was signed in on this page before. */
  readonly ended: boolean;
  readonly onSession: (session: SessionView) => void;
}

/** Name, password, and whether this device sounds alarms: pressing the button is the touch that a browser needs for that. */
export function SignIn({ api, sound, settings, change, ended, onSession }: SignInProps): JSX.Element {
  const { language } = settings;
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  const title = `${translate(language, 'sign_in.title')} · Vigilia`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const audible = form.get('sound') !== null;
    if (audible) {
      void sound.testTone().catch(() => undefined);
    }
    setBusy(true);
    setTrouble('');
    try {
      const session = await api.signIn(String(form.get('name')), String(form.get('password')));
      change({ sound: audible ? 'on' : 'off' });
      onSession(session);
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
        <label class="check">
          <input type="checkbox" name="sound" defaultChecked={settings.sound !== 'off'} />
          <span>{translate(language, 'sign_in.sound')}</span>
        </label>
        <p class="trouble" role="alert">
          {trouble}
        </p>
        <button type="submit" class="main" disabled={busy}>
          {translate(language, 'sign_in.button')}
        </button>
        <OtherWays api={api} language={language} onSession={onSession} />
      </form>
    </main>
  );
}
