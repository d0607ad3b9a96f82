import type { Incident, SettingOwner, Status } from '@vigilia/protocol';
import type { BrokerState } from './broker-state.ts';

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

export function roomsTable(state: BrokerState): string {
  const watched = state.processors
    .filter((processor) => processor.status !== 'offline')
    .flatMap((processor) => (processor.streams ?? []).map((stream) => ({ processor, stream })))
    .sort((a, b) => a.stream.source_id - b.stream.source_id);
  if (watched.length === 0) return 'No room is being monitored.';
  const rows = watched.map(({ processor, stream }) => {
    const fall = state.rooms.find((room) => room.source_id === stream.source_id)?.fall.state ?? 'none';
    const rate = [`${stream.max_fps}`, ownerOf(stream.set_by?.max_fps)];
    return [String(stream.source_id), processor.instance_id, stream.state, stream.model_id, ...rate, fall];
  });
  return table([['ROOM', 'MONITORED BY', 'STATE', 'MODEL', 'FPS', 'RATE SET BY', 'FALL'], ...rows]);
}

/** Names who set a setting; empty for processors that do not report it. */
function ownerOf(owner: SettingOwner | undefined): string {
  return owner?.incident_id === undefined ? (owner?.by ?? '') : `incident ${owner.incident_id}`;
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
function localTime(iso: string): string {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' }).format(new Date(iso));
}
