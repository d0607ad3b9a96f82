import type { HouseView } from '../../shared/view.ts';
import { applyChange, type ViewChange } from '../../shared/view-change.ts';
import type { LiveState, PageState } from './page-state.ts';

/** The console speaks every 4 s; after this long without a word the page is not current. */
const silenceMs = 10_000;
const againMs = 2000;

/**
 * Keeps the page's state equal to what the console sends, and reconnects by itself after every loss.
 * @param onLost after every loss: the reason may be that the sign-in has ended
 * @returns ends it
 */
export function connectLive(store: PageState<LiveState>, onLost: () => void): () => void {
  let source: EventSource | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let ended = false;

  const update = (change: Partial<LiveState>): void => store.set({ ...store.get(), ...change });
  const link = (next: LiveState['link']): void => {
    if (store.get().link !== next) {
      update({ link: next, linkSinceMs: Date.now() });
    }
  };
  const lose = (): void => {
    source?.close();
    clearTimeout(silence);
    clearTimeout(again);
    if (ended) return;
    link('lost');
    onLost();
    again = setTimeout(open, againMs);
  };
  const heard = (): void => {
    clearTimeout(silence);
    silence = setTimeout(lose, silenceMs);
    link('live');
  };
  const on = (name: string, take: (data: string) => void): void => {
    source?.addEventListener(name, (event) => {
      heard();
      take((event as MessageEvent<string>).data);
    });
  };
  function open(): void {
    source = new EventSource('api/live');
    // A console that accepts the connection and sends nothing is as lost as one that refuses it.
    silence = setTimeout(lose, silenceMs);
    source.onerror = lose;
    on('house', (data) => update({ view: JSON.parse(data) as HouseView, known: true }));
    on('change', (data) => update({ view: applyChange(store.get().view, JSON.parse(data) as ViewChange) }));
    on('beat', () => {});
    on('signed_out', lose);
  }
  // A phone that slept must not show an old page until its timers wake up.
  const awake = (): void => {
    if (document.visibilityState === 'visible' && store.get().link !== 'live') {
      lose();
    }
  };
  document.addEventListener('visibilitychange', awake);
  open();
  return () => {
    ended = true;
    document.removeEventListener('visibilitychange', awake);
    lose();
  };
}
