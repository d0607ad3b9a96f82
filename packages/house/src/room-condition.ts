import { onFloorSince, unwatchedAfterMs } from '@vigilia/protocol';
import type { RoomCase } from './room-case.ts';

/** What is to be said of a room in one word. */
export type RoomCondition =
  | 'fall'
  | 'suspected'
  | 'unwatched'
  | 'blind'
  | 'drill'
  | 'helping'
  | 'recovered'
  | 'handover'
  | 'paused'
  | 'waiting'
  | 'well';

export interface RoomVerdict {
  readonly condition: RoomCondition;
  /** Since when, as far as that is known (ISO 8601). */
  readonly since?: string | undefined;
}

/** The worst that is true of a room. `waiting`: nothing was heard yet, and it is too early to hold that against anybody. */
export function judgeRoom(room: RoomCase): RoomVerdict {
  return fallVerdict(room) ?? watchVerdict(room) ?? careVerdict(room) ?? quietVerdict(room);
}

/** Nobody could see if something happened: undefined while somebody can. */
export function watchVerdict({ facts, watchers, nowMs }: RoomCase): RoomVerdict | undefined {
  const paused = watchers.length > 0 && watchers.every(({ status }) => status.status === 'paused');
  const blind = watchers.length > 0 && watchers.every(({ stream }) => stream.state === 'blind');
  if (blind) return { condition: 'blind', since: watchers[0]?.stream.blind_since };
  const silentMs = nowMs - facts.listeningSinceMs;
  if (silentMs > unwatchedAfterMs(facts.slowestIntervalMs)) {
    const since = facts.seenAtMs === undefined ? undefined : new Date(facts.seenAtMs).toISOString();
    return { condition: paused ? 'paused' : 'unwatched', since };
  }
  return paused ? { condition: 'paused' } : undefined;
}

/** Somebody is, or may be, on the floor and nobody has said that they take care of it. */
function fallVerdict({ incident, facts }: RoomCase): RoomVerdict | undefined {
  const fall = facts.retained?.fall;
  if (incident !== undefined && !incident.drill && (incident.state === 'open' || incident.state === 'attended')) {
    if (incident.recovered_at === undefined) return { condition: 'fall', since: onFloorSince(incident) };
  }
  if (fall === undefined || fall.quiet === true) return undefined;
  if (fall.state === 'alarm' && incident === undefined)
    return { condition: 'fall', since: fall.low_since ?? fall.alarm_at };
  if ((fall.state === 'candidate' || fall.state === 'down') && incident === undefined)
    return { condition: 'suspected', since: fall.low_since };
  return undefined;
}

function careVerdict(room: RoomCase): RoomVerdict | undefined {
  const { incident } = room;
  if (incident?.drill === true) return { condition: 'drill', since: incident.opened_at };
  if (incident?.recovered_at !== undefined) return { condition: 'recovered', since: incident.recovered_at };
  if (incident !== undefined) return { condition: 'helping', since: incident.acknowledged_at };
  return room.watchers.length > 1 ? { condition: 'handover' } : undefined;
}

/** `well` once a frame was heard since silence counts. */
function quietVerdict({ facts }: RoomCase): RoomVerdict {
  const heard = facts.seenAtMs !== undefined && facts.seenAtMs >= facts.listeningSinceMs;
  return { condition: heard ? 'well' : 'waiting' };
}
