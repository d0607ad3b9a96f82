import type { Box } from '../detection/detection.ts';
import { bestKnownHeight, standingHeight } from '../filter/standing-height.ts';
import type { FallKind } from './fall-state.ts';
import { toShares } from './room-effects.ts';
import type { FallDecisionState } from './room-state.ts';

/** The most serious thing in a room, for statuses and the retained message that travels with the room. */
export interface RoomSummary {
  readonly state: 'none' | 'candidate' | 'down' | 'alarm';
  /** Resolved by an operator: nothing more is reported of this place until the resident is up or in bed. */
  readonly quiet: boolean;
  readonly fallId?: string;
  readonly lowAtMs?: number;
  readonly alarmAtMs?: number | undefined;
  readonly remindedAtMs?: number | undefined;
  readonly abrupt?: boolean;
  /** Where the person lies, in 0..1 of the frame. */
  readonly place?: Box;
  /** Height of a standing person in the middle of the frame, or else where people were seen, 0..1 of the image height. */
  readonly referenceHeight?: number | undefined;
  /** People seen in the last look. */
  readonly people: number;
}

const rank: Readonly<Record<FallKind, number>> = { quiet: 1, candidate: 2, down: 3, alarm: 4 };
/** The row (share of the height of the frame) whose standing height is published: feet are mostly there. */
const summaryRow = 0.7;

export function summariseRoom({ falls, tracks, heights, image }: FallDecisionState): RoomSummary {
  const [worst] = [...falls].sort((a, b) => rank[b.kind] - rank[a.kind]);
  const room = {
    quiet: falls.some(({ kind }) => kind === 'quiet'),
    people: tracks.filter(({ missingAtMs }) => missingAtMs === undefined).length,
    referenceHeight: standingHeight(heights, summaryRow) ?? bestKnownHeight(heights),
  };
  if (worst === undefined) return { state: 'none', ...room };
  return {
    ...room,
    state: worst.kind === 'quiet' ? 'none' : worst.kind,
    fallId: worst.id,
    lowAtMs: worst.lowAtMs,
    abrupt: worst.abrupt,
    place: toShares(worst.box, image),
    alarmAtMs: worst.kind === 'alarm' ? worst.alarmAtMs : undefined,
    remindedAtMs: worst.kind === 'alarm' ? worst.remindedAtMs : undefined,
  };
}
