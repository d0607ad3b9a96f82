import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { SessionView, SignInWays } from '../../shared/session-view.ts';
import { type Api, ApiError } from '../live/api.ts';
import { errorText } from '../live/error-text.ts';
import { fill } from '../texts/fill.ts';
import type { Language } from '../texts/translate.ts';
import { otherWaysTexts } from './other-ways-texts.ts';

export interface OtherWaysProps {
  readonly api: Api;
  readonly language: Language;
  readonly onSession: (session: SessionView) => void;
}

/** The console asks a provider at most so often. */
const againMs = 10_000;

/** Sign-in without a password of this console: with the OpenID Connect provider or a passkey, where the console has them. */
export function OtherWays({ api, language, onSession }: OtherWaysProps): JSX.Element | null {
  const texts = otherWaysTexts[language];
  const { provider, passkeys } = useWays(api);
  const refusal = useRefusal();
  if (provider === undefined && refusal === undefined && !passkeys) return null;
  return (
    <section class="other-ways" aria-label={texts.or}>
      <p class="trouble" role="alert">
        {refusal === undefined
          ? ''
          : (Object.entries(texts).find(([code]) => code === refusal)?.[1] ?? texts.oidc_failed)}
      </p>
      {provider?.available === true ? (
        <a class="button plain" href={`api/oidc/start?view=${encodeURIComponent(location.hash.replace(/^#\/?/, ''))}`}>
          {fill(texts.with, { name: provider.name })}
        </a>
      ) : null}
      {provider?.available === false ? <p class="quiet">{fill(texts.down, { name: provider.name })}</p> : null}
      {passkeys && window.PublicKeyCredential !== undefined ? (
        <PasskeyButton api={api} language={language} onSession={onSession} />
      ) : null}
    </section>
  );
}

function PasskeyButton({ api, language, onSession }: OtherWaysProps): JSX.Element {
  const texts = otherWaysTexts[language];
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState('');
  const signIn = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setTrouble('');
    try {
      const { signInWithPasskey } = await import('./passkey-sign-in.ts');
      const session = await signInWithPasskey(api);
      if (session !== undefined) return onSession(session);
      setTrouble(texts.cancelled);
    } catch (error) {
      const isWrong = error instanceof ApiError && error.code === 'wrong_passkey';
      setTrouble(isWrong ? texts.wrong_passkey : errorText(language, error));
    }
    setBusy(false);
  };
  return (
    <>
      <button type="button" class="plain" aria-busy={busy} onClick={signIn}>
        {texts.passkey}
      </button>
      <p class="trouble" role="alert">
        {trouble}
      </p>
    </>
  );
}

/** Asks again from time to time: a provider that is down comes back. */
function useWays(api: Api): SignInWays {
  const [ways, setWays] = useState<SignInWays>({ passkeys: false });
  useEffect(() => {
    const ask = (): void => {
      api.get<SignInWays>('api/sign-in/ways').then(setWays, () => undefined);
    };
    ask();
    const timer = setInterval(ask, againMs);
    return () => clearInterval(timer);
  }, [api]);
  return ways;
}

/** Returns why the console sent this page back from the provider, and takes it out of the address. */
function useRefusal(): string | undefined {
  const [refusal] = useState(() => /^#\/sign-in\/(\w+)$/.exec(location.hash)?.[1]);
  useEffect(() => {
    if (refusal !== undefined) {
      history.replaceState(undefined, '', '#/rooms');
    }
  }, [refusal]);
  return refusal;
}
