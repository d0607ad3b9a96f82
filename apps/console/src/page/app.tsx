import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { SessionView } from '../shared/session-view.ts';
import { AlarmSound } from './audio/alarm-sound.ts';
import { createApi } from './live/api.ts';
import { connectLive } from './live/connect.ts';
import { createPageState, initialState, type LiveState } from './live/page-state.ts';
import { keepSettings, loadSettings, type PageSettings } from './live/settings.ts';
import { NoAnswer } from './no-answer.tsx';
import { type PageContext, PageProvider } from './parts/context.ts';
import { leaveDevice } from './push/device.ts';
import { Shell } from './shell.tsx';
import { SignIn } from './sign-in.tsx';
import { useUnlockedByTouch } from './sound/use-sound.ts';
import { StationSignIn, stationToken } from './station/station-sign-in.tsx';
import { translate } from './texts/translate.ts';

/** The page: who uses it, what it remembers, and the live house below. */
export function App(): JSX.Element {
  const [session, setSession] = useState<SessionView>();
  const [ended, setEnded] = useState(false);
  const [settings, setSettings] = useState<PageSettings>(loadSettings);
  const token = useRef('');
  token.current = session?.signedIn === true ? session.csrfToken : '';
  const api = useMemo(() => createApi(() => token.current), []);
  const sound = useMemo(() => new AlarmSound(), []);
  useUnlockedByTouch(sound, settings.sound === 'on');
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
    const session = await api.signOut();
    if (!session.signedIn && session.signOutUrl !== undefined) return location.assign(session.signOutUrl);
    setSession(session);
  };
  const lost = useCallback((): void => {
    void api.session().then(
      (now) => {
        setEnded(!now.signedIn);
        setSession(now);
      },
      // The console does not answer either: the page shows that it is not current, and tries again.
      () => undefined,
    );
  }, [api]);
  const change = (some: Partial<PageSettings>): void => setSettings((before) => ({ ...before, ...some }));
  if (session === undefined) return <NoAnswer settings={settings} sound={sound} />;
  const station = stationToken(location.hash);
  if (session.signInNeeded && station !== undefined) {
    return <StationSignIn api={api} language={settings.language} token={station} onSession={setSession} />;
  }
  if (!session.signedIn) {
    return <SignIn api={api} sound={sound} settings={settings} change={change} ended={ended} onSession={setSession} />;
  }
  return (
    <House
      session={session}
      settings={settings}
      api={api}
      sound={sound}
      change={change}
      onLost={lost}
      signOut={() => void signOut()}
    />
  );
}

interface HouseProps extends Pick<PageContext, 'session' | 'settings' | 'api' | 'sound' | 'change' | 'signOut'> {
  readonly onLost: () => void;
}

function House({ onLost, ...props }: HouseProps): JSX.Element {
  const { language } = props.settings;
  const live = useMemo(() => createPageState<LiveState>(initialState(Date.now())), []);
  useEffect(() => connectLive(live, onLost), [live, onLost]);
  const t = useMemo<PageContext['t']>(() => (key, values) => translate(language, key, values), [language]);
  return (
    <PageProvider value={{ ...props, live, language, t }}>
      <Shell />
    </PageProvider>
  );
}
