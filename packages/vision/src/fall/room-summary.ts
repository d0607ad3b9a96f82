import type { Box } from '../model/detection.ts';
import type { FallPolicy } from './fall-policy.ts';
import type { Episode, FallState } from './fall-state.ts';
import { standingHeight } from './reference-height.ts';
import type { RoomState } from './room-state.ts';

/** The most serious thing in a room, for statuses and the retained message that travels with the room. */
export interface RoomSummary {
  readonly state: 'none' | 'candidate' | 'down' | 'alarm';
  /** Resolved by a person: nothing more is told of this place until the resident is up or in bed. */
  readonly quiet: boolean;
  readonly fallId?: string;
  readonly lowAtMs?: number;
  readonly alarmAtMs?: number;
  readonly remindedAtMs?: number;
  readonly abrupt?: boolean;
  /** Where the person lies, in 0..1 of the image. */
  readonly place?: Box;
  /** Height of a standing person in the middle of the picture, 0..1 of the image height. */
  readonly referenceHeight?: number;
  /** People seen in the last frame. */
  readonly people: number;
}

const rank: Record<FallState['kind'], number> = { none: 0, quiet: 1, candidate: 2, down: 3, alarm: 4 };

export function summariseRoom(state: RoomState, policy: FallPolicy): RoomSummary {
  const falls = state.tracks.map(({ fall }) => fall).sort((a, b) => rank[b.kind] - rank[a.kind]);
  const worst = falls[0] ?? { kind: 'none' };
  const height = standingHeight(state.heights, policy.heights.summaryRow, policy);
  return {
    state: worst.kind === 'quiet' ? 'none' : worst.kind,
    quiet: falls.some(({ kind }) => kind === 'quiet'),
    people: state.tracks.filter(({ missingAtMs }) => missingAtMs === undefined).length,
    ...(height !== undefined && { referenceHeight: height }),
    ...(worst.kind !== 'none' && episodeSummary(worst.episode, state.image)),
    ...(worst.kind === 'alarm' && { alarmAtMs: worst.alarmAtMs, remindedAtMs: worst.remindedAtMs }),
  };
}

function episodeSummary({ fallId, lowAtMs, abrupt, place }: Episode, image: RoomState['image']) {
  const aspect = image.width / image.height;
  return {
    fallId,
    lowAtMs,
    abrupt,
    place: { x1: place.x1 / aspect, y1: place.y1, x2: place.x2 / aspect, y2: place.y2 },
  };
}
