import type { LiveState } from '../live/page-state.ts';
import { staleness } from '../live/page-state.ts';

/** A part of the monitoring system that does not work; the first ones make the later ones unknown. */
export const faultNames = ['console', 'broker', 'orchestrator', 'notifier'] as const;
type FaultName = (typeof faultNames)[number];

export interface Fault {
  readonly name: FaultName;
  /** Epoch ms; undefined where that is not known. */
  readonly sinceMs: number | undefined;
}

/** Returns what does not work now, the nearest to the page first; nothing while the page is still waiting for its first answer. */
export function faultsOf(state: LiveState): readonly Fault[] {
  const stale = staleness(state);
  if (stale !== undefined) return stale.reason === 'first' ? [] : [{ name: stale.reason, sinceMs: stale.sinceMs }];
  return state.view.head.faults.map((name) => ({ name, sinceMs: undefined }));
}

/** Returns whether each fault that is present has been silenced. Both are lists of names, separated by blanks. */
export function allSilenced(present: string, silenced: string): boolean {
  const known = silenced.split(' ');
  return present.split(' ').every((name) => known.includes(name));
}
