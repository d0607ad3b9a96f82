import { type House, roomIds } from '@vigilia/house';
import { acknowledgmentOf, type Incident, lastFall, onFloorSince, type Via, withoutUndefined } from '@vigilia/protocol';
import { reopenedAlarm } from './alarm.ts';
import { type AlertCase, isBareFall, isFallOrDrill, isOpen } from './alert-case.ts';

/** Falls in rooms that the site does not know are kept up to this number: a sender of more is broken or ill-meaning. */
const mostInUnknownRooms = 20;

/** A fall as anybody may report it on `nvr/events/fall_detected`, with the id that its incident would have. */
export interface ReportedFall {
  readonly key: string;
  readonly eventId: string | undefined;
  readonly sourceId: number;
  readonly happenedAt: string;
}

/** What a person did about a fall, as far as it concerns falls of which no orchestrator has made an incident. */
export interface Reaction {
  readonly command: 'acknowledge' | 'resolve';
  readonly sourceId: number | undefined;
  readonly incidentId: string | undefined;
  readonly by: string | undefined;
  readonly via: Via | undefined;
}

interface Look {
  readonly house: House;
  readonly nowMs: number;
}

/**
 * The cases after a fall was reported. A fall in a room whose fall is known already joins it; one that is known by its id,
 * also a closed one, is not opened again when it is delivered again. While no orchestrator is there to judge, a report after the
 * person was up is another fall.
 */
export function withReportedFall(
  cases: readonly AlertCase[],
  fall: ReportedFall,
  { house, nowMs }: Look,
): readonly AlertCase[] {
  const { key, eventId, sourceId, happenedAt } = fall;
  const joined = [...house.incidents.values()].some(
    (one) => one.incident_id === key || (eventId !== undefined && one.event_ids.includes(eventId)),
  );
  const known = cases.some((one) => one.key === key || one.incidentId === key || one.fallKey === (eventId ?? key));
  if (joined || known) return cases;
  const at = cases.findIndex((one) => one.kind === 'fall' && one.sourceId === sourceId && isOpen(one));
  const underWay = cases[at];
  if (underWay !== undefined) {
    const another = eventId !== undefined && underWay.person === 'up' && !isOrchestrated(house);
    return another ? cases.with(at, withAnotherFall(underWay, eventId, happenedAt)) : cases;
  }
  if (isOneTooMany(cases, sourceId, house)) return cases;
  const roomName = house.desired?.rooms[String(sourceId)]?.name;
  const opened: AlertCase = { key, kind: 'fall', openedMs: nowMs, happenedAt, sourceId };
  return [...cases, withoutUndefined({ ...opened, ...named(roomName), fallKey: eventId })];
}

/** A known room is never one too many: it has at most one open fall, and reports of unknown rooms must not displace it. */
function isOneTooMany(cases: readonly AlertCase[], sourceId: number, house: House): boolean {
  const known = new Set(roomIds(house));
  const isUnknown = (id: number | undefined): boolean => id === undefined || !known.has(id);
  const open = cases.filter((one) => isBareFall(one) && isOpen(one) && isUnknown(one.sourceId));
  return isUnknown(sourceId) && open.length >= mostInUnknownRooms;
}

function withAnotherFall(before: AlertCase, fallKey: string, happenedAt: string): AlertCase {
  const { acknowledged: _, recoveredAt: __, seenUpAt: ___, ...rest } = before;
  const ignored = before.acknowledged === undefined ? {} : { ignoredAckAt: before.acknowledged.at };
  return { ...rest, ...ignored, fallKey, falls: (before.falls ?? 1) + 1, happenedAt, person: 'down' };
}

/** An orchestrator acts: it knows better than a single event who is down and who is up. */
function isOrchestrated({ orchestrator }: House): boolean {
  return orchestrator !== undefined && orchestrator.status !== 'offline';
}

/**
 * The cases after a processor reported that the person is up. A fall of which no incident was made ends; one with an incident, while
 * no orchestrator acts, goes on and knows that the person is up.
 */
export function withRecovery(
  cases: readonly AlertCase[],
  { sourceId, at, house, nowMs }: { sourceId: number; at: string } & Look,
): readonly AlertCase[] {
  return cases.map((one) => {
    if (one.kind !== 'fall' || !isOpen(one) || one.sourceId !== sourceId) return one;
    if (isBareFall(one)) return { ...one, person: 'up', recoveredAt: at, closed: { at, ms: nowMs } };
    return isOrchestrated(house) ? one : { ...one, person: 'up', recoveredAt: at, seenUpAt: at };
  });
}

/** The cases after a person reacted: a fall without an incident has no orchestrator that could record it. */
export function withReaction(cases: readonly AlertCase[], reaction: Reaction, nowMs: number): readonly AlertCase[] {
  const { command, sourceId, incidentId, by, via } = reaction;
  const at = iso(nowMs);
  return cases.map((one) => {
    const meant = incidentId === undefined ? one.sourceId === sourceId : one.key === incidentId;
    if (!meant || !isBareFall(one) || !isOpen(one)) return one;
    const who = by === undefined ? {} : { by };
    if (command === 'resolve') return { ...one, closed: { at, ms: nowMs, ...who } };
    return { ...one, acknowledged: withoutUndefined({ at, ...who, via }) };
  });
}

/** The cases of falls and drills as the incidents are now. */
export function updateFallCases(
  cases: readonly AlertCase[],
  { house, nowMs, whole }: Look & { whole: boolean },
): readonly AlertCase[] {
  let next = cases;
  for (const incident of house.incidents.values()) {
    next = withIncident(next, incident, house, nowMs);
  }
  if (!whole) return next;
  return next.map((one) => (isForgotten(one, house) ? { ...one, closed: { at: iso(nowMs), ms: nowMs } } : one));
}

/**
 * Its retained incident was removed, which happens only long after the end. While no orchestrator is there, the broker may have lost it.
 */
function isForgotten(one: AlertCase, house: House): boolean {
  const { incidentId } = one;
  if (!isOpen(one) || !isFallOrDrill(one) || incidentId === undefined) return false;
  return isOrchestrated(house) && !house.incidents.has(incidentId);
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
  // of what was over before we heard of it, people need no message
  if (isOver(incident)) return cases;
  const fresh: AlertCase = {
    key: incident.incident_id,
    kind: incident.drill ? 'drill' : 'fall',
    openedMs: nowMs,
    happenedAt: onFloorSince(incident),
    sourceId: incident.source_id,
  };
  return [...cases, described(fresh, incident, house, nowMs)];
}

/** A verdict, or the system, has ended it; that the room goes home takes longer. */
function isOver({ state }: Incident): boolean {
  return state === 'closing' || state === 'closed';
}

/** By its id; otherwise the fall of that room that still waits for an incident. */
function indexOfIncident(cases: readonly AlertCase[], incident: Incident): number {
  const id = incident.incident_id;
  const named = cases.findIndex((one) => one.key === id || one.incidentId === id);
  if (named >= 0 || incident.drill || isOver(incident)) return named;
  return cases.findIndex((one) => isBareFall(one) && isOpen(one) && one.sourceId === incident.source_id);
}

/** A case as its incident is now. What is known of a fall that the incident does not list yet stays. */
function described(before: AlertCase, incident: Incident, house: House, nowMs: number): AlertCase {
  const { acknowledged: _, recoveredAt: upBefore, closed: closedBefore, ...rest } = before;
  const name = incident.room_name ?? house.desired?.rooms[String(incident.source_id)]?.name ?? before.roomName;
  const fallKey = fallKeyOf(before, incident);
  const ahead = isAhead(before, incident, house);
  const latest = acknowledgmentOf(incident);
  const acknowledged = ahead && latest?.at === before.ignoredAckAt ? undefined : latest;
  const recoveredAt = ahead ? upBefore : incident.recovered_at;
  const over = isOver(incident) ? closedOf(incident, closedBefore, nowMs) : undefined;
  const isReopened = closedBefore !== undefined && over === undefined;
  return withoutUndefined({
    ...rest,
    ...renamed(isReopened ? reopened(before, nowMs) : before, fallKey),
    incidentId: incident.incident_id,
    happenedAt: ahead ? before.happenedAt : onFloorSince(incident),
    ...named(name),
    withAlerts: incident.with_alerts === true ? true : undefined,
    falls: Math.max(before.falls ?? 1, incident.falls?.length ?? 1),
    person: (ahead ? before.person : incident.person) ?? 'unknown',
    acknowledged,
    recoveredAt,
    closed: over,
  });
}

/** We have heard of a fall, or of a person who is up, of which no orchestrator has taken note yet. */
function isAhead(before: AlertCase, incident: Incident, house: House): boolean {
  if (before.incidentId === undefined) return false;
  if (before.fallKey !== undefined && !isListed(incident, before.fallKey)) return true;
  return before.seenUpAt !== undefined && before.seenUpAt > incident.updated_at && !isOrchestrated(house);
}

/** Long incidents forget reports, but not the first one of each of their latest falls. */
function isListed({ event_ids: reports, falls = [] }: Incident, eventId: string): boolean {
  return reports.includes(eventId) || falls.some(({ event_id }) => event_id === eventId);
}

/** The event of the last fall: ours, where the incident does not know it yet or counts it as the same fall. */
function fallKeyOf({ fallKey: ours }: AlertCase, incident: Incident): string | undefined {
  const theirs = lastFall(incident)?.event_id;
  if (ours === undefined || theirs === undefined) return ours ?? theirs;
  if (incident.falls?.some(({ event_id }) => event_id === ours) === true) return theirs;
  const ids = incident.event_ids;
  return !ids.includes(ours) || ids.lastIndexOf(ours) > ids.lastIndexOf(theirs) ? ours : theirs;
}

/** The alarm of a fall whose event was not known goes on under its name. */
function renamed({ fallKey: before, alarm }: AlertCase, fallKey: string | undefined): Partial<AlertCase> {
  if (fallKey === undefined) return { alarm };
  if (before !== undefined || alarm === undefined) return { fallKey, alarm };
  return { fallKey, alarm: { ...alarm, fallKey } };
}

const reopened = (one: AlertCase, nowMs: number): AlertCase =>
  one.alarm === undefined ? one : { ...one, alarm: reopenedAlarm(one.alarm, nowMs) };

function named(roomName: string | undefined): Partial<AlertCase> {
  return roomName === undefined ? {} : { roomName };
}

function closedOf(incident: Incident, before: AlertCase['closed'], nowMs: number): NonNullable<AlertCase['closed']> {
  const by = incident.by.findLast((one) => one.what === 'resolve')?.who;
  return withoutUndefined({
    at: before?.at ?? incident.closed_at ?? incident.updated_at,
    ms: before?.ms ?? nowMs,
    by,
    outcome: incident.outcome,
  });
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
