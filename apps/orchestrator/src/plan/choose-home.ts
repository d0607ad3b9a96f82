import type { DesiredRoom } from '@vigilia/protocol';
import { namedHomes } from './assign-rooms.ts';
import type { Rules } from './rules.ts';
import type { ObservedProcessor } from './view.ts';

/** A home for a room, and why this one. */
export interface HomeChoice {
  readonly home: string;
  /** `only`: no other home runs that may be given rooms. */
  readonly reason: 'named' | 'least_load' | 'only';
  /** Desired rooms of this home and of all homes, before the room is added. */
  readonly rooms: number;
  readonly allRooms: number;
  /** Frames per second that this home is asked to analyse, before the room is added. */
  readonly framesPerSecond: number;
}

/**
 * Chooses the home for a new room by what the desired state gives each home to do, so that rooms which are added together are spread.
 * Only homes that the policy or the desired state names are given rooms, unless the site has none yet or `wanted` names one.
 *
 * @returns undefined when no home runs that obeys commands, or not the wanted one
 */
export function chooseHome(rules: Rules, wanted: string | undefined): HomeChoice | undefined {
  const running = runningHomes(rules);
  if (wanted !== undefined) {
    const home = running.find(({ instanceId }) => instanceId === wanted);
    return home === undefined ? undefined : choiceOf(rules, home, 'named');
  }
  const named = namedHomes(rules.draft);
  const trusted = named.size === 0 ? running : running.filter(({ instanceId }) => named.has(instanceId));
  const [first, ...others] = trusted.toSorted(
    (a, b) =>
      framesPerSecond(rules, a) - framesPerSecond(rules, b) || roomsOf(rules, a).length - roomsOf(rules, b).length,
  );
  return first === undefined ? undefined : choiceOf(rules, first, others.length === 0 ? 'only' : 'least_load');
}

/**
 * Returns homes that run and obey commands, in order of name. One that was not heard since the connection counts: a room whose
 * home turns out to be offline is given to another by the assignment.
 */
export function runningHomes({ draft, watchers }: Rules): readonly ObservedProcessor[] {
  return [...draft.view.processors.values()]
    .filter((one) => one.role === 'home' && one.control && one.status !== 'paused' && watchers.alive(one))
    .sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
}

function choiceOf(rules: Rules, processor: ObservedProcessor, reason: HomeChoice['reason']): HomeChoice {
  return {
    home: processor.instanceId,
    reason,
    rooms: roomsOf(rules, processor).length,
    allRooms: rules.draft.desired.size,
    framesPerSecond: framesPerSecond(rules, processor),
  };
}

/**
 * Rates that an open incident changed for a while do not count, because the room stays for longer; nor does the measured time per
 * frame, which depends on what else the machine does at the moment. Rounded: sums of the same rates are equal.
 */
function framesPerSecond(rules: Rules, processor: ObservedProcessor): number {
  const { policy } = rules.draft;
  const rates = roomsOf(rules, processor).map((room) => room.max_fps ?? processor.defaults.max_fps);
  const sum = rates.reduce<number>((before, rate) => before + (rate ?? policy.quiet.max_fps), 0);
  return Math.round(sum * 100) / 100;
}

function roomsOf({ draft }: Rules, { instanceId }: ObservedProcessor): readonly DesiredRoom[] {
  return [...draft.desired.values()].filter(({ home }) => home === instanceId);
}
