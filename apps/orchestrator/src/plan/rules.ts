import type { Draft } from './draft.ts';
import { allDedicated, type Dedicated } from './incident-state.ts';
import { Watchers } from './watchers.ts';

/** What every rule gets: the plan in the making and the answers that several rules need. */
export interface Rules {
  readonly draft: Draft;
  readonly watchers: Watchers;
  /** Dedicated processors that exist. */
  readonly dedicated: ReadonlyMap<string, Dedicated>;
}

export function createRules(draft: Draft): Rules {
  const watchers = new Watchers(draft);
  return { draft, watchers, dedicated: allDedicated(draft, watchers) };
}
