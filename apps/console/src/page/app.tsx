import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { SessionView } from '../shared/session-view.ts';
import { createApi } from './live/api.ts';
import { connectLive } from './live/connect.ts';
import { keepSettings, loadSettings, type PageSettings } from './live/settings.ts';
import { createStore, initialState, type LiveState } from './live/store.ts';
import { type PageContext, PageProvider } from './parts/context.ts';
import { leaveDevice } from './push/device.ts';
import { Shell } from './shell.tsx';
import { SignIn } from './sign-in.tsx';
import { translate } from './texts/translate.ts';

/** The page: who uses it, what it remembers, and the live house below. */
export function App(): JSX.Element | null {
  const [session, setSession] = useState<SessionView>();
  const [ended, setEnded] = useState(false);
  const [settings, setSettings] = useState<PageSettings>(loadSettings);
  const token = useRef('');
  token.current = session?.signedIn === true ? session.csrfToken : '';
  const api = useMemo(() => createApi(() => token.current), []);
  useEffect(() => {
    const ask = (): void => {
      api.session().then(setSession, () => setTimeout(ask, 2000));
    };
    ask();
  }, [api]);
  useEffect(() => {
    document.documentElement.lang = settings.language;
    document.documentElement.dataset.theme = settings.theme;
    keepSettings(settings);
  }, [settings]);
  const signOut = async (): Promise<void> => {
    // alarms name residents: a device without a signed-in person receives none
    await leaveDevice(api).catch(() => undefined);
    setSession(await api.signOut());
  };
  const lost = (): void => {
    void api.session().then(
      (now) => {
        setEnded(!now.signedIn);
        setSession(now);
      },
      // Not there either: the page says that it is not current, and tries again.
      () => undefined,
    );
  };
  if (session === undefined) return null;
  if (!session.signedIn) {
    return <SignIn api={api} language={settings.language} ended={ended} onSession={setSession} />;
  }
  return (
    <House
      session={session}
      settings={settings}
      api={api}
      change={(some) => setSettings({ ...settings, ...some })}
      onLost={lost}
      signOut={() => void signOut()}
    />
  );
}

interface HouseProps extends Pick<PageContext, 'session' | 'settings' | 'api' | 'change' | 'signOut'> {
  readonly onLost: () => void;
}

function House({ onLost, ...props }: HouseProps): JSX.Element {
  const { language } = props.settings;
  const live = useMemo(() => createStore<LiveState>(initialState(Date.now())), []);
  useEffect(() => connectLive(live, onLost), [live]);
  const t = useMemo<PageContext['t']>(() => (key, values) => translate(language, key, values), [language]);
  return (
    <PageProvider value={{ ...props, live, language, t }}>
      <Shell />
    </PageProvider>
  );
}
