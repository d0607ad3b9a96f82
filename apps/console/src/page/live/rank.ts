import { type HouseView, type IncidentView, type RoomView, roomConditions } from '../../shared/view.ts';

/** The worst first; among equals those whose fall the orchestrator has confirmed, then by number. */
export function byUrgency(rooms: Iterable<RoomView>): RoomView[] {
  return [...rooms].sort(
    (a, b) =>
      roomConditions.indexOf(a.condition) - roomConditions.indexOf(b.condition) ||
      Number(a.report !== undefined) - Number(b.report !== undefined) ||
      a.id - b.id,
  );
}

/** Something that rings until a person has confirmed that they are on the way. */
export interface ShownAlarm {
  /** Changes with each later fall of an incident: that is a new alarm. */
  readonly key: string;
  readonly roomId: number;
  readonly roomName: string | undefined;
  readonly down: boolean;
  readonly drill: boolean;
  /** Since when the person has been on the floor, or up again (ISO 8601). */
  readonly since: string;
  /** Undefined for an alarm of a processor that no orchestrator has made an incident of. */
  readonly incident: IncidentView | undefined;
  /** The reported fall that it is about, where a notifier has one and there is no incident. */
  readonly report: RoomView['report'];
}

/**
 * Returns every alarm of the site, the worst first: people who are down before those who are up again, incidents before reports
 * that the orchestrator has not confirmed, then who has been there longest.
 */
export function alarmsOf({ incidents, rooms }: Pick<HouseView, 'incidents' | 'rooms'>): ShownAlarm[] {
  const ofIncidents = Object.values(incidents)
    .filter(waits)
    .map((incident) => incidentAlarm(incident, rooms[String(incident.source_id)]));
  const ofRooms = Object.values(rooms)
    .filter(({ condition, incidentId }) => condition === 'fall' && incidentId === undefined)
    .map(roomAlarm);
  return [...ofIncidents, ...ofRooms].sort(
    (a, b) =>
      Number(a.drill) - Number(b.drill) ||
      Number(b.down) - Number(a.down) ||
      Number(b.incident !== undefined) - Number(a.incident !== undefined) ||
      a.since.localeCompare(b.since) ||
      a.roomId - b.roomId,
  );
}

/**
 * Returns whether an incident wants a person: one that is not acknowledged, and one whose alarm has returned because the person is
 * still down some time after it was. A drill does only where it alerts people as a fall does.
 */
export function waits({ drill, with_alerts, state, alert_stage }: IncidentView): boolean {
  if (drill && with_alerts !== true) return false;
  return state === 'open' || state === 'attended' || (state === 'acknowledged' && alert_stage === 'returned');
}

function incidentAlarm(incident: IncidentView, room: RoomView | undefined): ShownAlarm {
  const { incident_id, source_id, room_name, recovered_at, drill, falls = [], alert_stage } = incident;
  return {
    key: `${incident_id} ${falls.length} ${alert_stage === 'returned' ? 'returned' : ''}`,
    roomId: source_id,
    roomName: room?.name ?? room_name,
    down: recovered_at === undefined,
    drill,
    since: recovered_at ?? incident.on_floor_since,
    incident,
    report: undefined,
  };
}

function roomAlarm({ id, name, since, report }: RoomView): ShownAlarm {
  return {
    key: `room ${id}`,
    roomId: id,
    roomName: name,
    down: true,
    drill: false,
    since: since ?? '',
    incident: undefined,
    report,
  };
}

/**
 * Returns open incidents in the order in which they need a person: those that wait for one, the longest on the floor first, then the
 * others, drills last; and closed ones, the newest first.
 */
export function sortIncidents(incidents: Iterable<IncidentView>): { open: IncidentView[]; closed: IncidentView[] } {
  const all = [...incidents];
  const open = all.filter(({ state }) => state !== 'closed');
  const closed = all.filter(({ state }) => state === 'closed');
  open.sort(
    (a, b) =>
      Number(a.drill) - Number(b.drill) ||
      Number(waits(b)) - Number(waits(a)) ||
      a.on_floor_since.localeCompare(b.on_floor_since),
  );
  closed.sort((a, b) => b.opened_at.localeCompare(a.opened_at));
  return { open, closed };
}
