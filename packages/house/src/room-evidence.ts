import type { AlertState, DesiredRoom, Incident, Status } from '@vigilia/protocol';
import type { House, RoomFacts } from './house.ts';

type Stream = NonNullable<Status['streams']>[number];

/** A processor whose status lists the room, and the settings there. */
interface RoomWatcher {
  readonly status: Status;
  readonly stream: Stream;
}

/** Everything known of one room, gathered before it is judged. */
export interface RoomEvidence {
  readonly id: number;
  readonly facts: RoomFacts;
  readonly desired: DesiredRoom | undefined;
  /** The one that is not closed; a real one before a drill, then the latest. */
  readonly incident: Incident | undefined;
  /** How far the alarm of that incident is; undefined where no notifier runs. */
  readonly alert: AlertState | undefined;
  /** The alarm of a reported fall of which the orchestrator has opened no incident, such as in a room that it does not know. */
  readonly report: AlertState | undefined;
  /** A person has given a verdict on the fall that the room's state names, and has not taken it back. */
  readonly isResolved: boolean;
  readonly watchers: readonly RoomWatcher[];
  /** What people call it, where that is known. */
  readonly name: string | undefined;
  /** Epoch ms of the clock that `fold` is given. */
  readonly nowMs: number;
}

/** Gathers what is known of one room; a room without messages is a silent one. */
export function gatherRoomEvidence(house: House, id: number, nowMs: number): RoomEvidence {
  const silent: RoomFacts = { listeningSinceMs: house.connectionSinceMs, slowestIntervalMs: 10_000 };
  const desired = house.desired?.rooms[String(id)];
  const incident = openIncident(house, id);
  const facts = house.rooms.get(id) ?? silent;
  return {
    id,
    facts,
    desired,
    incident,
    alert: incident === undefined ? undefined : house.alerts.get(incident.incident_id),
    report: incident === undefined ? openReports(house).find(({ source_id }) => source_id === id) : undefined,
    isResolved: isResolved(house, facts),
    watchers: watchersOf(house, id),
    name: desired?.name ?? incident?.room_name,
    nowMs,
  };
}

/** Rooms that should be monitored, are monitored, or have an open incident; ascending. */
export function roomIds(house: House): number[] {
  const ids = new Set(Object.keys(house.desired?.rooms ?? {}).map(Number));
  for (const status of house.processors.values()) {
    if (status.status !== 'offline') {
      for (const stream of status.streams ?? []) {
        ids.add(stream.source_id);
      }
    }
  }
  for (const incident of house.incidents.values()) {
    if (incident.state !== 'closed') {
      ids.add(incident.source_id);
    }
  }
  for (const report of openReports(house)) {
    ids.add(report.source_id);
  }
  return [...ids].sort((a, b) => a - b);
}

/** A processor that has stopped never learns of the verdict: its last word about the room stays. */
function isResolved(house: House, { retained }: RoomFacts): boolean {
  const eventId = retained?.fall.event_id;
  if (eventId === undefined) return false;
  return [...house.incidents.values()].some(
    ({ steps, event_ids: known }) => steps.resolved !== undefined && known.includes(eventId),
  );
}

function openReports(house: House): AlertState[] {
  return [...house.alerts.values()].filter((one) => one.without_incident === true && one.stage !== 'closed');
}

function openIncident(house: House, id: number): Incident | undefined {
  return [...house.incidents.values()]
    .filter((one) => one.source_id === id && one.state !== 'closed')
    .sort((a, b) => Number(a.drill) - Number(b.drill) || b.opened_at.localeCompare(a.opened_at))[0];
}

/** By the statuses they are from, which are never changed but replaced: else a thousand rooms look through a thousand streams each. */
const indexes = new WeakMap<House['processors'], ReadonlyMap<number, readonly RoomWatcher[]>>();

function watchersOf({ processors }: House, id: number): readonly RoomWatcher[] {
  const index = indexes.get(processors) ?? indexWatchers(processors);
  indexes.set(processors, index);
  return index.get(id) ?? [];
}

function indexWatchers(processors: House['processors']): ReadonlyMap<number, readonly RoomWatcher[]> {
  const index = new Map<number, RoomWatcher[]>();
  for (const status of processors.values()) {
    for (const stream of status.status === 'offline' ? [] : (status.streams ?? [])) {
      const watchers = index.get(stream.source_id) ?? [];
      index.set(stream.source_id, watchers);
      watchers.push({ status, stream });
    }
  }
  return index;
}
