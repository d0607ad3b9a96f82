import type { Incident, Status } from '@vigilia/protocol';
import type { BrokerState } from './broker-state.ts';
import { listRooms } from './list-rooms.ts';

/** Rows as columns of equal width, two spaces between. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function processorsTable(processors: readonly Status[]): string {
  if (processors.length === 0) return 'No processor has announced itself on this broker.';
  const rows = processors.map((processor) => [
    processor.instance_id,
    processor.role,
    processor.status,
    processor.health ?? '',
    (processor.streams ?? [])
      .map((stream) => `${stream.source_id}@${stream.max_fps}${stream.state === 'blind' ? ' (blind)' : ''}`)
      .join(' '),
    [...new Set((processor.streams ?? []).map((stream) => stream.model_id))].join(' '),
  ]);
  return table([['PROCESSOR', 'ROLE', 'STATUS', 'HEALTH', 'ROOMS@FPS', 'MODEL'], ...rows]);
}

/** Every room that is desired or monitored; a room of a processor that is offline is shown as not monitored. */
export function roomsTable(state: BrokerState): string {
  const rooms = listRooms(state);
  if (rooms.length === 0) return 'No room is being monitored.';
  const rows = rooms.map((room) => [
    String(room.source_id),
    room.name ?? '',
    room.ward ?? '',
    room.monitored_by.join(' ') || `none (home: ${room.home ?? 'none'})`,
    room.state.replace('_', ' '),
    room.model_id ?? '',
    room.max_fps === undefined ? '' : String(room.max_fps),
    room.rate_set_by ?? '',
    state.rooms.find(({ source_id }) => source_id === room.source_id)?.fall.state ?? 'none',
  ]);
  return table([['ROOM', 'NAME', 'WARD', 'MONITORED BY', 'STATE', 'MODEL', 'FPS', 'RATE SET BY', 'FALL'], ...rows]);
}

export function incidentsTable(incidents: readonly Incident[]): string {
  if (incidents.length === 0) return 'No incident.';
  const rows = incidents.map((incident) => [
    incident.incident_id,
    String(incident.source_id),
    incident.state,
    incident.drill ? 'drill' : (incident.outcome ?? ''),
    incident.watched_by,
    localTime(incident.opened_at),
    incident.by.findLast(({ what }) => what === 'acknowledge')?.who ?? '',
  ]);
  return table([['INCIDENT', 'ROOM', 'STATE', 'OUTCOME', 'MONITORED BY', 'OPENED', 'ACKNOWLEDGED BY'], ...rows]);
}

/** Returns an ISO 8601 time as date and time of this machine's zone, which is what its user's clock shows. */
export function localTime(iso: string): string {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' }).format(new Date(iso));
}
