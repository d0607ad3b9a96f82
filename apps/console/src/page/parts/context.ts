import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { SessionView } from '../../shared/session-view.ts';
import type { HouseView } from '../../shared/view.ts';
import type { Api } from '../live/api.ts';
import type { PageSettings } from '../live/settings.ts';
import type { LiveState, Store } from '../live/store.ts';
import type { TextKey } from '../texts/en.ts';
import type { Language } from '../texts/translate.ts';

/** What every part of the page may use. */
export interface PageContext {
  readonly language: Language;
  readonly t: (key: TextKey, values?: Readonly<Record<string, string | number>>) => string;
  readonly api: Api;
  readonly live: Store<LiveState>;
  readonly session: Extract<SessionView, { signedIn: true }>;
  readonly settings: PageSettings;
  readonly change: (settings: Partial<PageSettings>) => void;
  readonly signOut: () => void;
}

// Only `usePage` reads it, and only below the provider.
const Context = createContext<PageContext | undefined>(undefined);
export const PageProvider = Context.Provider;

export function usePage(): PageContext {
  const page = useContext(Context);
  if (page === undefined) throw new Error('usePage needs a PageProvider above it');
  return page;
}

/** A part of the live state; draws again only when that part changes. */
export function useLive<T>(select: (state: LiveState) => T): T {
  const { live } = usePage();
  const [value, setValue] = useState(() => select(live.get()));
  useEffect(() => {
    const update = (): void => setValue(() => select(live.get()));
    update();
    return live.listen(update);
  }, [live]);
  return value;
}

export const useView = (): HouseView => useLive(viewOf);

function viewOf(state: LiveState): HouseView {
  return state.view;
}

/** The time, again every `everyMs`; for "3 min ago". */
export function useNow(everyMs = 1000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** The part of the address after `#/`, split: `['rooms', '2']`. */
export function useRoute(): readonly string[] {
  const [route, setRoute] = useState(() => location.hash);
  useEffect(() => {
    const update = (): void => setRoute(location.hash);
    window.addEventListener('hashchange', update);
    return () => window.removeEventListener('hashchange', update);
  }, []);
  return route
    .replace(/^#\/?/, '')
    .split('/')
    .filter((part) => part !== '');
}
