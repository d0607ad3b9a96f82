import { boxCentre } from '../detection/box.ts';
import type { Fall } from './fall-state.ts';
import type { FrameSeen } from './observe-room.ts';
import { fallEffect, type RoomEffect } from './room-effects.ts';
import type { FallDecisionState } from './room-state.ts';
import type { RoomVision } from './room-vision.ts';
import type { RoomStep } from './tick-room.ts';

/** What a room is decided again from, when frames of the past were analysed after a suspicion. */
export interface Past {
  /** The room as it was before the frame that raised the suspicion. */
  readonly before: FallDecisionState;
  /** The frames of the past, oldest first, and then the frame of the suspicion and all that were analysed since. */
  readonly frames: readonly FrameSeen[];
}

/**
 * Decides a room again with frames that were sent between two of its frames. What was reported meanwhile stays reported: an alarm stands
 * with everything that is known of the room, a suspicion keeps its name or is taken back, and nothing is reported twice.
 * @param now the room as it is, without the frames of the past
 * @returns the room as it is with them, and what has to be reported because of them
 */
export function lookBack(
  vision: Pick<RoomVision, 'observe'>,
  { before, frames }: Past,
  now: FallDecisionState,
): RoomStep {
  if (now.falls.some((fall) => isAlarm(fall) && !before.falls.some((old) => old.id === fall.id && isAlarm(old)))) {
    return [now, []];
  }
  let state = before;
  const seen: RoomEffect[] = [];
  for (const frame of frames) {
    const [next, effects] = vision.observe(state, frame);
    state = next;
    seen.push(...effects);
  }
  const names = commonNames(state.falls, now.falls);
  const isOld = (fall: Fall): boolean => before.falls.some(({ id }) => id === fall.id);
  const falls = state.falls.map(
    (fall): Fall => (isOld(fall) ? fall : { ...fall, id: names.get(fall.id) ?? fall.id, lookedBack: true }),
  );
  const atMs = Math.max(state.atMs ?? 0, now.atMs ?? 0);
  const news = seen.flatMap((effect): RoomEffect[] => {
    if (!('fallId' in effect)) return effect.kind === 'person_not_visible' ? [effect] : [];
    const fallId = names.get(effect.fallId) ?? effect.fallId;
    const isKnown = now.falls.some((fall) => fall.id === fallId && isReported(fall));
    if (isKnown && effect.kind === 'suspected') return [];
    const isOldFall = before.falls.some(({ id }) => id === effect.fallId);
    return [isOldFall ? effect : { ...effect, fallId, evidence: { ...effect.evidence, look_back: true } }];
  });
  const takenBack = now.falls.filter(
    (fall) => isReported(fall) && !falls.some(({ id }) => id === fall.id) && !isRecovered(fall, news),
  );
  return [{ ...state, falls }, [...news, ...takenBack.map((fall) => fallEffect(fall, 'recovered', atMs, now.image))]];
}

/** A body lies no further from where it lay than this, in body scales. */
const samePlaceScales = 1.5;

/** Names of falls in the new state whose fall was reported under another name: the nearest one, each name once. */
function commonNames(falls: readonly Fall[], reported: readonly Fall[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const free = reported.filter((fall) => isReported(fall) && !falls.some(({ id }) => id === fall.id));
  for (const known of free) {
    const candidates = falls
      .filter(({ id }) => !reported.some((one) => one.id === id) && !names.has(id))
      .map((fall) => ({ fall, scales: distance(fall, known) / Math.max(fall.scale, known.scale) }))
      .filter(({ scales }) => scales <= samePlaceScales)
      .sort((a, b) => a.scales - b.scales);
    const [nearest] = candidates;
    if (nearest !== undefined) {
      names.set(nearest.fall.id, known.id);
    }
  }
  return names;
}

function distance(a: Fall, b: Fall): number {
  const [here, there] = [boxCentre(a.box), boxCentre(b.box)];
  return Math.hypot(here.x - there.x, here.y - there.y);
}

const isAlarm = ({ kind }: Fall): boolean => kind === 'alarm' || kind === 'quiet';
const isReported = ({ kind }: Fall): boolean => kind !== 'candidate';

const isRecovered = ({ id }: Fall, news: readonly RoomEffect[]): boolean =>
  news.some((effect) => effect.kind === 'recovered' && effect.fallId === id);
