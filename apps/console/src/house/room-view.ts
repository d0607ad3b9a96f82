import { type DesiredRoom, type Incident, type Status, unwatchedAfterMs } from '@vigilia/protocol';
import type { RoomCondition, RoomView } from '../shared/view.ts';
import type { House, RoomFacts } from './house.ts';
import { outlinesOf } from './outlines.ts';

type Stream = NonNullable<Status['streams']>[number];
interface Watcher {
  readonly status: Status;
  readonly stream: Stream;
}

/** Everything known of one room, gathered before it is judged. */
interface RoomCase {
  readonly id: number;
  readonly facts: RoomFacts;
  readonly desired: DesiredRoom | undefined;
  readonly incident: Incident | undefined;
  readonly watchers: readonly Watcher[];
  readonly nowMs: number;
}

/** One room as its tile shows it at this moment. */
export function roomView(house: House, id: number, nowMs: number): RoomView {
  const silent: RoomFacts = { listeningSinceMs: house.connectionSinceMs, slowestIntervalMs: 10_000 };
  const facts = house.rooms.get(id) ?? silent;
  const desired = house.desired?.rooms[String(id)];
  const room: RoomCase = {
    id,
    facts,
    desired,
    incident: openIncident(house, id),
    watchers: watchersOf(house, id),
    nowMs,
  };
  const { condition, since } = judge(room);
  const { detections } = facts;
  const stream = streamInForce(room);
  const image = detections?.image;
  const modelId = detections?.model_id ?? stream?.model_id;
  const name = desired?.name ?? room.incident?.room_name;
  const blindCause = room.watchers.find(({ stream }) => stream.blind_cause !== undefined)?.stream.blind_cause;
  const handoverTo = handoverTarget(room);
  return {
    id,
    condition,
    watchers: room.watchers.map(({ status }) => status.instance_id),
    people: detections?.detections.filter((one) => one.class_name === 'person').length ?? 0,
    outlines: outlinesOf(detections),
    zones: facts.retained?.zones ?? desired?.zones ?? [],
    ...(name === undefined ? {} : { name }),
    ...(since === undefined ? {} : { since }),
    ...(room.incident === undefined ? {} : { incidentId: room.incident.incident_id }),
    ...(desired === undefined ? {} : { home: desired.home }),
    ...(modelId === undefined ? {} : { modelId }),
    ...(stream === undefined ? {} : { maxFps: stream.max_fps }),
    ...(facts.seenAtMs === undefined ? {} : { lastSeen: iso(facts.seenAtMs) }),
    ...(condition === 'blind' && blindCause !== undefined ? { blindCause } : {}),
    ...(handoverTo === undefined ? {} : { handoverTo }),
    ...(image === undefined ? {} : { aspect: Math.round((image.width / image.height) * 1000) / 1000 }),
  };
}

interface Verdict {
  readonly condition: RoomCondition;
  readonly since?: string | undefined;
}

function judge(room: RoomCase): Verdict {
  return fallVerdict(room) ?? watchVerdict(room) ?? careVerdict(room) ?? quietVerdict(room);
}

/** Somebody is, or may be, on the floor and nobody has said that they take care of it. */
function fallVerdict({ incident, facts }: RoomCase): Verdict | undefined {
  const fall = facts.retained?.fall;
  if (incident !== undefined && !incident.drill && (incident.state === 'open' || incident.state === 'attended')) {
    if (incident.recovered_at === undefined) return { condition: 'fall', since: incident.opened_at };
  }
  if (fall === undefined || fall.quiet === true) return undefined;
  if (fall.state === 'alarm' && incident === undefined)
    return { condition: 'fall', since: fall.alarm_at ?? fall.low_since };
  if ((fall.state === 'candidate' || fall.state === 'down') && incident === undefined)
    return { condition: 'suspected', since: fall.low_since };
  return undefined;
}

/** Nobody could see if something happened. */
function watchVerdict({ facts, watchers, nowMs }: RoomCase): Verdict | undefined {
  const paused = watchers.length > 0 && watchers.every(({ status }) => status.status === 'paused');
  const blind = watchers.length > 0 && watchers.every(({ stream }) => stream.state === 'blind');
  if (blind) return { condition: 'blind', since: watchers[0]?.stream.blind_since };
  const silentMs = nowMs - facts.listeningSinceMs;
  if (silentMs > unwatchedAfterMs(facts.slowestIntervalMs)) {
    const since = facts.seenAtMs === undefined ? undefined : iso(facts.seenAtMs);
    return { condition: paused ? 'paused' : 'unwatched', since };
  }
  return paused ? { condition: 'paused' } : undefined;
}

function careVerdict(room: RoomCase): Verdict | undefined {
  const { incident } = room;
  if (incident?.drill === true) return { condition: 'drill', since: incident.opened_at };
  if (incident?.recovered_at !== undefined) return { condition: 'recovered', since: incident.recovered_at };
  if (incident !== undefined) return { condition: 'helping', since: incident.acknowledged_at };
  return room.watchers.length > 1 ? { condition: 'handover' } : undefined;
}

function quietVerdict({ facts }: RoomCase): Verdict {
  const heard = facts.seenAtMs !== undefined && facts.seenAtMs >= facts.listeningSinceMs;
  return { condition: heard ? 'well' : 'waiting' };
}

function openIncident(house: House, id: number): Incident | undefined {
  return [...house.incidents.values()]
    .filter((one) => one.source_id === id && one.state !== 'closed')
    .sort((a, b) => Number(a.drill) - Number(b.drill) || b.opened_at.localeCompare(a.opened_at))[0];
}

function watchersOf(house: House, id: number): Watcher[] {
  return [...house.processors.values()]
    .filter((status) => status.status !== 'offline')
    .flatMap((status) =>
      (status.streams ?? []).filter((one) => one.source_id === id).map((stream) => ({ status, stream })),
    );
}

/** The settings of whoever showed the room last; otherwise of whoever says that it watches it. */
function streamInForce({ watchers, facts }: RoomCase): Stream | undefined {
  const shown = watchers.find(({ status }) => status.instance_id === facts.detections?.instance_id);
  return (shown ?? watchers[0])?.stream;
}

function handoverTarget({ incident, watchers, desired }: RoomCase): string | undefined {
  if (watchers.length < 2) return undefined;
  const inForce = incident !== undefined && incident.state !== 'closing' && incident.released !== true;
  return inForce ? incident.dedicated : desired?.home;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
