import type { Draft } from './draft.ts';
import { allDedicated, type Dedicated } from './incident-state.ts';
import { Watching } from './watching.ts';

/** What every rule gets: the plan in the making and the answers that several rules need. */
export interface Rules {
  readonly draft: Draft;
  readonly watching: Watching;
  /** Dedicated processors that exist. */
  readonly dedicated: ReadonlyMap<string, Dedicated>;
}

export function createRules(draft: Draft): Rules {
  const watching = new Watching(draft);
  return { draft, watching, dedicated: allDedicated(draft, watching) };
}
