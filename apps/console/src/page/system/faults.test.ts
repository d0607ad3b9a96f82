import { emptyView } from '../../shared/view.ts';
import type { LiveState } from '../live/page-state.ts';
import { allSilenced, faultsOf } from './faults.ts';

const state = (change: Partial<LiveState>): LiveState => ({
  view: emptyView,
  link: 'connecting',
  linkSinceMs: 1000,
  known: false,
  ...change,
});

describe('a page that has never had an answer', () => {
  it('waits in silence while it connects for the first time', () => {
    expect(faultsOf(state({}))).toEqual([]);
  });

  it('has a fault once the console refuses it, so that a screen that was switched on meanwhile sounds', () => {
    expect(faultsOf(state({ link: 'lost' }))).toEqual([{ name: 'console', sinceMs: 1000 }]);
  });
});

describe('a silenced fault', () => {
  it('does not silence another one that follows', () => {
    expect(allSilenced('notifier', 'notifier')).toBe(true);
    expect(allSilenced('orchestrator notifier', 'notifier')).toBe(false);
    expect(allSilenced('broker', 'notifier')).toBe(false);
  });

  it('stays silent when one of two is mended', () => {
    expect(allSilenced('notifier', 'orchestrator notifier')).toBe(true);
  });
});
