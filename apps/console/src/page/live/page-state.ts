import { emptyView, type HouseView } from '../../shared/view.ts';

/** Between this page and the console. */
type Link = 'connecting' | 'live' | 'lost';

export interface LiveState {
  readonly view: HouseView;
  readonly link: Link;
  /** Since when the link is as it is, epoch ms. */
  readonly linkSinceMs: number;
  /** The site was seen at least once since the page was opened. */
  readonly known: boolean;
}

/** A value with listeners. */
export interface PageState<T> {
  get(): T;
  set(next: T): void;
  listen(listener: () => void): () => void;
}

export function createPageState<T>(initial: T): PageState<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) {
        listener();
      }
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function initialState(nowMs: number): LiveState {
  return { view: emptyView, link: 'connecting', linkSinceMs: nowMs, known: false };
}

/** Why what the page shows may be untrue; undefined when it is current. */
export function staleness(state: LiveState): { reason: 'console' | 'broker' | 'first'; sinceMs: number } | undefined {
  if (!state.known && state.link === 'connecting') return { reason: 'first', sinceMs: state.linkSinceMs };
  if (!state.known || state.link !== 'live') return { reason: 'console', sinceMs: state.linkSinceMs };
  const { connected, since } = state.view.head;
  return connected ? undefined : { reason: 'broker', sinceMs: new Date(since).getTime() };
}

/** Whether a picture of a room may be asked for, and one that is shown may stay. */
export function snapshotsAllowed(state: LiveState): boolean {
  return staleness(state) === undefined && state.view.head.snapshots;
}
