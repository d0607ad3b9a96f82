import type { CommandFacts, House } from '@vigilia/house';
import {
  type AlarmFigures,
  type DesiredRooms,
  type OrchestratorStatus,
  type Status,
  withoutUndefined,
} from '@vigilia/protocol';

/** Whether the account has a room. */
type Sees = (sourceId: number) => boolean;

/**
 * Returns the site as an account that is limited to these wards may know it: of other rooms nothing is left, whatever names them.
 * Rooms without a ward belong to all. While the desired rooms are not known no room's ward is, so there are none. Pure.
 */
export function houseOfWards(house: House, wards: readonly string[]): House {
  const sees: Sees = (sourceId) => isOfWards(house.desired, wards, sourceId);
  const seesIncident = (id: string): boolean => {
    const room = roomOfIncident(house, id);
    return room !== undefined && sees(room);
  };
  const processors = only(
    mapped(house.processors, (status) => statusOfRooms(status, sees, seesIncident)),
    (status) => status !== undefined,
  ) as House['processors'];
  // every field is named: a new one does not compile until it is limited here
  const limited: { readonly [K in keyof Required<House>]: House[K] } = {
    connected: house.connected,
    connectionSinceMs: house.connectionSinceMs,
    desired: house.desired === undefined ? undefined : desiredOfRooms(house.desired, sees),
    alarmFigures: house.alarmFigures === undefined ? undefined : figuresOfRooms(house.alarmFigures, sees),
    orchestrator: house.orchestrator === undefined ? undefined : orchestratorOfRooms(house.orchestrator),
    notifier: house.notifier,
    // of the whole site
    records: new Map(),
    processors,
    metrics: only(house.metrics, (_, id) => processors.has(id)),
    earlierMetrics: only(house.earlierMetrics, (_, id) => processors.has(id)),
    // services are not those of a ward
    services: new Map(),
    rooms: only(house.rooms, (_, id) => sees(id)),
    incidents: only(house.incidents, ({ source_id }) => sees(source_id)),
    alerts: only(house.alerts, ({ source_id }) => sees(source_id)),
    replays: only(house.replays, ({ source_id }) => sees(source_id)),
    commands: house.commands
      .filter(({ params }) => isOfRooms(params, sees, seesIncident))
      .map((facts) => withoutOthers(facts, processors)),
    events: house.events.filter(({ source_id }) => source_id !== undefined && sees(source_id)),
  };
  return withoutUndefined(limited);
}

/** Returns the ward of a room; undefined for one without a ward. */
function wardOf(desired: DesiredRooms | undefined, sourceId: number): string | undefined {
  const rooms = desired?.rooms ?? {};
  const key = String(sourceId);
  return Object.hasOwn(rooms, key) ? rooms[key]?.ward : undefined;
}

/** Returns whether an account that is limited to these wards has a room. A room that was removed belongs to no ward any more. */
export function isOfWards(desired: DesiredRooms | undefined, wards: readonly string[], sourceId: number): boolean {
  if (desired === undefined || Object.hasOwn(desired.removed ?? {}, String(sourceId))) return false;
  const ward = wardOf(desired, sourceId);
  return ward === undefined || wards.includes(ward);
}

function roomOfIncident({ incidents, alerts, replays }: House, id: string): number | undefined {
  return (incidents.get(id) ?? alerts.get(id) ?? replays.get(id))?.source_id;
}

/** Undefined: the processor has other rooms only. */
function statusOfRooms(status: Status, sees: Sees, seesIncident: (id: string) => boolean): Status | undefined {
  const { streams, removed_streams, incident_id, ...rest } = status;
  const shown = streams?.filter(({ source_id }) => sees(source_id));
  if (streams !== undefined && streams.length > 0 && shown?.length === 0) return undefined;
  if (incident_id !== undefined && !seesIncident(incident_id)) return undefined;
  return withoutUndefined({
    ...rest,
    incident_id,
    streams: shown,
    removed_streams: removed_streams?.filter(({ source_id }) => sees(source_id)),
  });
}

function desiredOfRooms(desired: DesiredRooms, sees: Sees): DesiredRooms {
  const rooms = Object.entries(desired.rooms).filter(([key]) => sees(Number(key)));
  const { removed: _, ...rest } = desired;
  return { ...rest, rooms: Object.fromEntries(rooms) };
}

/** Hours of models are those of all rooms together. */
function figuresOfRooms({ alarms, weeks, updated_at }: AlarmFigures, sees: Sees): AlarmFigures {
  return {
    alarms: alarms.filter(({ source_id }) => sees(source_id)),
    weeks: weeks.map(({ from, room_hours }) => {
      const hours = Object.entries(room_hours).filter(([key]) => sees(Number(key)));
      return { from, room_hours: Object.fromEntries(hours), model_hours: {} };
    }),
    updated_at,
  };
}

/** Without what states something about rooms, in numbers or in words. */
function orchestratorOfRooms(status: OrchestratorStatus): OrchestratorStatus {
  const { instance_id, boot_id, status: state, timestamp, snapshots, clock_skew_seconds } = status;
  return withoutUndefined({ instance_id, boot_id, status: state, timestamp, snapshots, clock_skew_seconds });
}

/** Returns whether a command names rooms of the account, and no other ones; one about the whole site names none. */
function isOfRooms(params: CommandFacts['params'], sees: Sees, seesIncident: (id: string) => boolean): boolean {
  const { source_id: room, incident_id: incident, ...others } = params ?? {};
  if (room === undefined && incident === undefined) return false;
  if (Object.values(others).some((value) => namesRooms(value))) return false;
  return (room === undefined || sees(Number(room))) && (incident === undefined || seesIncident(String(incident)));
}

/** Returns whether a parameter holds rooms of its own, such as the list of a batch. */
function namesRooms(value: unknown): boolean {
  return /"(source_id|incident_id|streams|rooms)":/.test(JSON.stringify(value) ?? '');
}

/** Without other processors; the words of an answer may name other rooms. */
function withoutOthers(
  { answers, targets, to, ...facts }: CommandFacts,
  processors: House['processors'],
): CommandFacts {
  return {
    ...facts,
    to,
    targets: targets.filter((target) => target === '*' || processors.has(target)),
    answers: answers
      .filter(({ instance_id }) => to === 'orchestrator' || processors.has(instance_id))
      .map(({ message: _, result: __, ...answer }) => answer),
  };
}

function only<K, V>(map: ReadonlyMap<K, V>, keeps: (value: V, key: K) => boolean): ReadonlyMap<K, V> {
  return new Map([...map].filter(([key, value]) => keeps(value, key)));
}

function mapped<K, V, W>(map: ReadonlyMap<K, V>, change: (value: V) => W): ReadonlyMap<K, W> {
  return new Map([...map].map(([key, value]) => [key, change(value)] as const));
}
