import { boxCentre } from '../detection/box.ts';
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
 * Decides a room again with frames that the camera sent between the analysed ones. What was reported meanwhile stays reported: an alarm
 * stands with everything that is known of the room, a suspicion keeps its name or is taken back, and nothing is reported twice.
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
  const isKnownAlarm = (fall: Fall): boolean => before.falls.some((old) => old.id === fall.id && isAlarm(old));
  if (now.falls.some((fall) => isAlarm(fall) && !isKnownAlarm(fall))) return { state: now, news: [], people };
  const names = commonNames(state.falls, now.falls);
  const isOld = (fallId: string): boolean => before.falls.some(({ id }) => id === fallId);
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
    (fall) => isReported(fall) && !falls.some(({ id }) => id === fall.id) && !isRecovered(fall, news),
  );
  const atMs = Math.max(state.atMs ?? 0, now.atMs ?? 0);
  const recovered = takenBack.map((fall) => fallEffect(fall, 'recovered', atMs, now.image));
  return { state: { ...state, falls }, news: [...news, ...recovered], people };
}

/** Whether an effect was not reported while the room was decided without the frames of the past. Requests are not reported. */
function isNews(effect: RoomEffect, before: FallDecisionState, now: FallDecisionState): boolean {
  if (effect.kind === 'person_not_visible') {
    return !now.tracks.some(({ id, toldMissing }) => id === effect.trackId && toldMissing);
  }
  if (!('fallId' in effect)) return false;
  const old = before.falls.find(({ id }) => id === effect.fallId);
  const known = now.falls.find(({ id }) => id === effect.fallId);
  switch (effect.kind) {
    case 'suspected':
      return known === undefined || !isReported(known);
    case 'recovered':
      return old === undefined || known !== undefined;
    case 'reminder':
      return effect.atMs > (known?.remindedAtMs ?? Number.POSITIVE_INFINITY);
    case 'detected':
      return true;
  }
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
