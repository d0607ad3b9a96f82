import { createContext } from 'preact';
import { useSyncExternalStore } from 'preact/compat';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { SessionView } from '../../shared/session-view.ts';
import type { AlarmSound } from '../audio/alarm-sound.ts';
import type { Api } from '../live/api.ts';
import type { LiveState, PageState } from '../live/page-state.ts';
import type { PageSettings } from '../live/settings.ts';
import type { TextKey } from '../texts/en.ts';
import type { Language } from '../texts/translate.ts';
import { pageAddress } from './guarded-address.ts';

/** What every part of the page may use. */
export interface PageContext {
  readonly language: Language;
  readonly t: (key: TextKey, values?: Readonly<Record<string, string | number>>) => string;
  readonly api: Api;
  readonly live: PageState<LiveState>;
  readonly sound: AlarmSound;
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

/**
 * Returns a part of the live state, of this render's selector; draws again only when that part changes.
 * @param select returns a primitive or an object that keeps its identity while it does not change
 */
export function useLive<T>(select: (state: LiveState) => T): T {
  const { live } = usePage();
  return useSyncExternalStore(live.listen, () => select(live.get()));
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

/** Returns the part of the address after `#/`: `rooms/2`. */
export function useAddress(): string {
  return useSyncExternalStore(onAddress, () => pageAddress().replace(/^#\/?/, ''));
}

function onAddress(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
}
