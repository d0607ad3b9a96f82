import { type IncidentView, type RoomView, roomConditions } from '../../shared/view.ts';

/** The worst first; among equals by number. */
export function byUrgency(rooms: Iterable<RoomView>): RoomView[] {
  return [...rooms].sort(
    (a, b) => roomConditions.indexOf(a.condition) - roomConditions.indexOf(b.condition) || a.id - b.id,
  );
}

/** Incidents that nobody has said they take care of: real ones, the oldest first. */
export function alarms(incidents: Iterable<IncidentView>): IncidentView[] {
  return [...incidents]
    .filter((one) => !one.drill && (one.state === 'open' || one.state === 'attended'))
    .sort((a, b) => a.opened_at.localeCompare(b.opened_at));
}

/** Rooms with somebody on the floor of whom no incident tells, because nobody opens incidents: the oldest first. */
export function unattended(rooms: Iterable<RoomView>): RoomView[] {
  return byUrgency(rooms).filter((room) => room.condition === 'fall' && room.incidentId === undefined);
}

/** Open ones with real ones first, then closed ones; each the newest first. */
export function sortIncidents(incidents: Iterable<IncidentView>): { open: IncidentView[]; closed: IncidentView[] } {
  const all = [...incidents].sort(
    (a, b) => Number(a.drill) - Number(b.drill) || b.opened_at.localeCompare(a.opened_at),
  );
  const closed = all.filter((one) => one.state === 'closed');
  closed.sort((a, b) => b.opened_at.localeCompare(a.opened_at));
  return { open: all.filter((one) => one.state !== 'closed'), closed };
}
