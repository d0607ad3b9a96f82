import type { House } from '@vigilia/house';
import type { Incident } from '@vigilia/protocol';
import { type AlertCase, isBareFall, isOpen } from './alert-case.ts';

/** So many falls without an incident are kept at once: whoever reports more is broken or ill-meaning. */
const mostBareFalls = 50;

/** A fall as anybody may report it on `nvr/events/fall_detected`, with the id that its incident would have. */
export interface ReportedFall {
  readonly key: string;
  readonly eventId: string | undefined;
  readonly sourceId: number;
  readonly happenedAt: string;
}

/**
 * The cases after a fall was reported. A fall in a room whose fall is known already joins it; one that is known by its id,
 * also a closed one, is not opened again when it is delivered again.
 */
export function withReportedFall(
  cases: readonly AlertCase[],
  fall: ReportedFall,
  { house, nowMs }: { house: House; nowMs: number },
): readonly AlertCase[] {
  const { key, eventId, sourceId, happenedAt } = fall;
  const joined = [...house.incidents.values()].some(
    (one) => one.incident_id === key || (eventId !== undefined && one.event_ids.includes(eventId)),
  );
  const known = cases.some((one) => one.key === key || one.incidentId === key);
  const underWay = cases.some((one) => one.kind === 'fall' && one.sourceId === sourceId && isOpen(one));
  const bare = cases.filter((one) => isBareFall(one) && isOpen(one)).length;
  if (joined || known || underWay || bare >= mostBareFalls) return cases;
  const roomName = house.desired?.rooms[String(sourceId)]?.name;
  return [
    ...cases,
    { key, kind: 'fall', openedMs: nowMs, happenedAt, sourceId, ...(roomName === undefined ? {} : { roomName }) },
  ];
}

/** A fall that nobody made an incident of ends when its processor says that the person is up. */
export function withRecovery(
  cases: readonly AlertCase[],
  { sourceId, at, nowMs }: { sourceId: number; at: string; nowMs: number },
): readonly AlertCase[] {
  return cases.map((one) =>
    isBareFall(one) && isOpen(one) && one.sourceId === sourceId
      ? { ...one, recoveredAt: at, closed: { at, ms: nowMs } }
      : one,
  );
}

/** The cases of falls and drills as the incidents say that they are now. */
export function lookAtFalls(
  cases: readonly AlertCase[],
  { house, nowMs, whole }: { house: House; nowMs: number; whole: boolean },
): readonly AlertCase[] {
  let next = cases;
  for (const incident of house.incidents.values()) next = withIncident(next, incident, house, nowMs);
  if (!whole) return next;
  return next.map((one) => (isForgotten(one, house) ? { ...one, closed: { at: iso(nowMs), ms: nowMs } } : one));
}

/** Its retained incident is gone, which happens only long after the end. */
function isForgotten(one: AlertCase, house: House): boolean {
  return isOpen(one) && one.incidentId !== undefined && !house.incidents.has(one.incidentId);
}

function withIncident(
  cases: readonly AlertCase[],
  incident: Incident,
  house: House,
  nowMs: number,
): readonly AlertCase[] {
  const at = indexOfIncident(cases, incident);
  const known = cases[at];
  if (known !== undefined) return cases.with(at, described(known, incident, house, nowMs));
  // Of what was over, or in somebody's hands, before we heard of it, nobody need be told.
  if (incident.state === 'closed' || acknowledgedOf(incident) !== undefined) return cases;
  const fresh: AlertCase = {
    key: incident.incident_id,
    kind: incident.drill ? 'drill' : 'fall',
    openedMs: nowMs,
    happenedAt: incident.detected_at ?? incident.opened_at,
    sourceId: incident.source_id,
  };
  return [...cases, described(fresh, incident, house, nowMs)];
}

/** By its id; otherwise the fall of that room that still waits for an incident. */
function indexOfIncident(cases: readonly AlertCase[], incident: Incident): number {
  const id = incident.incident_id;
  const named = cases.findIndex((one) => one.key === id || one.incidentId === id);
  if (named >= 0 || incident.drill || incident.state === 'closed') return named;
  return cases.findIndex((one) => isBareFall(one) && isOpen(one) && one.sourceId === incident.source_id);
}

function described(before: AlertCase, incident: Incident, house: House, nowMs: number): AlertCase {
  const name = incident.room_name ?? house.desired?.rooms[String(incident.source_id)]?.name ?? before.roomName;
  const acknowledged = acknowledgedOf(incident);
  return {
    ...before,
    incidentId: incident.incident_id,
    ...(name === undefined ? {} : { roomName: name }),
    ...(acknowledged === undefined ? {} : { acknowledged }),
    ...(incident.recovered_at === undefined ? {} : { recoveredAt: incident.recovered_at }),
    ...(incident.state === 'closed' ? { closed: before.closed ?? closedOf(incident, nowMs) } : {}),
  };
}

function acknowledgedOf(incident: Incident): AlertCase['acknowledged'] {
  if (incident.acknowledged_at === undefined) return undefined;
  const by = incident.by.find((one) => one.what === 'acknowledge')?.who;
  return { at: incident.acknowledged_at, ...(by === undefined ? {} : { by }) };
}

function closedOf(incident: Incident, nowMs: number): NonNullable<AlertCase['closed']> {
  const by = incident.by.findLast((one) => one.what === 'resolve')?.who;
  return {
    at: incident.closed_at ?? incident.updated_at,
    ms: nowMs,
    ...(by === undefined ? {} : { by }),
    ...(incident.outcome === undefined ? {} : { outcome: incident.outcome }),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
