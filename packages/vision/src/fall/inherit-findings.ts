import { samePlaceScales, scalesApart } from './fall-distance.ts';
import type { Fall } from './fall-state.ts';
import type { FallDecisionState } from './room-state.ts';

/**
 * Returns whether another processor of the room looked back and found a fall that is not known here, or not since when: then the room is
 * decided again from that processor's state (`lookBack`). Not where a fall was already raised or answered here.
 */
export function findsMore(other: FallDecisionState, own: FallDecisionState): boolean {
  if (own.falls.some(({ kind }) => kind === 'alarm' || kind === 'quiet')) return false;
  return other.falls.some((fall) => isFound(fall) && !own.falls.some((known) => isSame(known, fall)));
}

const isFound = ({ lookedBack, kind }: Fall): boolean => lookedBack === true && kind !== 'quiet';

const isSame = (known: Fall, fall: Fall): boolean =>
  known.lookedBack === true && (known.id === fall.id || scalesApart(known, fall) <= samePlaceScales);
