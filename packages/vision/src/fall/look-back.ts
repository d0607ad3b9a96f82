import { samePlaceScales, scalesApart } from './fall-distance.ts';
import type { Fall } from './fall-state.ts';
import type { FrameSeen, PersonSeen } from './observe-room.ts';
import { fallEffect, type RoomEffect } from './room-effects.ts';
import type { FallDecisionState } from './room-state.ts';
import type { RoomVision } from './room-vision.ts';

/** What a room is decided again from, when frames of the past were analysed after a suspicion. */
export interface Past {
  /** The room as it was before the oldest frame that is decided again. */
  readonly before: FallDecisionState;
  /** Frames that were analysed as they came, and frames of the past, oldest first. */
  readonly frames: readonly FrameSeen[];
}

/** A room that was decided again: what it is, what has to be reported because of it, and who was in each of the frames. */
export interface DecidedAgain {
  readonly state: FallDecisionState;
  readonly news: readonly RoomEffect[];
  readonly people: ReadonlyMap<FrameSeen, readonly PersonSeen[]>;
}

/**
 * Decides a room again with frames that the camera sent between the analysed ones. A suspicion that was reported meanwhile keeps its name
 * or is taken back. News of any other kind must not have been reported since `before`: such a room is not decided again.
 * @param now the room as it is, without the frames of the past
 */
export function lookBack(
  vision: Pick<RoomVision, 'observe'>,
  { before, frames }: Past,
  now: FallDecisionState,
): DecidedAgain {
  let state = before;
  const effects: RoomEffect[] = [];
  const people = new Map<FrameSeen, readonly PersonSeen[]>();
  for (const frame of frames) {
    const [next, found, seen] = vision.observe(state, frame);
    state = next;
    effects.push(...found);
    people.set(frame, seen);
  }
  const names = commonNames(state.falls, now.falls);
  const isOld = (fallId: string): boolean =>
    before.falls.some((fall) => fall.id === fallId && (isRaised(fall) || now.falls.some(({ id }) => id === fallId)));
  const falls = state.falls.map(
    (fall): Fall => (isOld(fall.id) ? fall : { ...fall, id: names.get(fall.id) ?? fall.id, lookedBack: true }),
  );
  const renamed = effects.map((effect): RoomEffect => {
    if (!('fallId' in effect) || isOld(effect.fallId)) return effect;
    const fallId = names.get(effect.fallId) ?? effect.fallId;
    return { ...effect, fallId, evidence: { ...effect.evidence, look_back: true } };
  });
  const news = renamed.filter((effect) => isNews(effect, before, now));
  const takenBack = now.falls.filter(
    (fall) => isReported(fall) && !falls.some((one) => isSameFall(one, fall)) && !isRecovered(fall, news),
  );
  const atMs = Math.max(state.atMs ?? 0, now.atMs ?? 0);
  const recovered = takenBack.map((fall) => fallEffect(fall, 'recovered', atMs, now.image));
  return { state: { ...state, falls }, news: [...news, ...recovered], people };
}

function isNews(effect: RoomEffect, before: FallDecisionState, now: FallDecisionState): boolean {
  switch (effect.kind) {
    case 'look_back':
      return false;
    case 'burst':
      return now.burstAtMs === before.burstAtMs;
    case 'suspected':
      return !now.falls.some((fall) => fall.id === effect.fallId && isReported(fall));
    default:
      return true;
  }
}

/** Names of falls in the new state that have another name in the present one: of the nearest fall, each name once, reported ones first. */
function commonNames(falls: readonly Fall[], present: readonly Fall[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const free = present
    .filter((fall) => !falls.some(({ id }) => id === fall.id))
    .sort((a, b) => Number(isReported(b)) - Number(isReported(a)));
  for (const known of free) {
    const candidates = falls
      .filter(({ id }) => !present.some((one) => one.id === id) && !names.has(id))
      .map((fall) => ({ fall, scales: scalesApart(fall, known) }))
      .filter(({ scales }) => scales <= samePlaceScales)
      .sort((a, b) => a.scales - b.scales);
    const [nearest] = candidates;
    if (nearest !== undefined) {
      names.set(nearest.fall.id, known.id);
    }
  }
  return names;
}

/** Under this name or another one: no person got up where one still lies. */
const isSameFall = (one: Fall, known: Fall): boolean =>
  one.id === known.id || scalesApart(one, known) <= samePlaceScales;

const isReported = ({ kind }: Fall): boolean => kind !== 'candidate';

/** People know an alarm by its name. */
const isRaised = ({ kind }: Fall): boolean => kind === 'alarm' || kind === 'quiet';

const isRecovered = ({ id }: Fall, news: readonly RoomEffect[]): boolean =>
  news.some((effect) => effect.kind === 'recovered' && effect.fallId === id);
