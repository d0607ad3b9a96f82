import {
  type FallReport,
  type Incident,
  type IncidentFall,
  incidentIdOf,
  isFallEventId,
  lastFall,
  maxIncidentEntries,
  withoutUndefined,
} from '@vigilia/protocol';
import { clipOf } from './clips.ts';
import type { Draft, EventFields } from './draft.ts';
import { activeIncidentOf, byAge, isActive } from './incident-state.ts';
import type { Rules } from './rules.ts';
import type { InboxItem } from './view.ts';

type FallItem = Extract<InboxItem, { kind: 'fall' }>;
type UnreadableItem = Extract<InboxItem, { kind: 'unreadable_fall' }>;

/**
 * Falls become incidents. A redelivered report finds its incident open or closed and does nothing; a second fall in a room
 * joins; a report without a known room is refused in words; a flood is let in one by one, in order.
 */
export function takeFalls(rules: Rules): void {
  const { draft } = rules;
  let opened = draft.view.lastOpenedMs;
  const spacingMs = 1000 / draft.policy.limits.incidents_per_second;
  for (const item of draft.view.inbox) {
    if (item.kind === 'unreadable_fall') {
      refuseUnreadable(draft, item);
      draft.record({ kind: 'settle', id: item.id });
    }
    if (item.kind !== 'fall') continue;
    if (settleWithoutOpening(rules, item)) {
      draft.record({ kind: 'settle', id: item.id });
      continue;
    }
    if (opened !== undefined && !draft.reached(draft.now.monoMs - opened, spacingMs)) continue;
    openForFall(rules, item);
    opened = draft.now.monoMs;
    draft.record({ kind: 'settle', id: item.id });
  }
}

function settleWithoutOpening(rules: Rules, item: FallItem): boolean {
  const { draft } = rules;
  const { report } = item;
  if (item.type === 'fall_suspected' && draft.policy.trigger !== 'fall_suspected') return true;
  if (!draft.desired.has(report.source_id)) {
    refuse(draft, item, `room ${report.source_id} is not monitored by any processor`);
    return true;
  }
  const same = incidentOfSameFall(draft, item);
  if (same !== undefined) {
    join(draft, same, item);
    return true;
  }
  const active = activeIncidentOf(draft, report.source_id);
  if (active === undefined) return false;
  if (active.drill) {
    endDrill(draft, active);
    return false;
  }
  join(draft, active, item);
  return true;
}

/**
 * The incident, open or closed, that this very report opened or joined before. Two things prove that a report is the same: the
 * identity that one of our processors gave to the fall, which it repeats on every connection; and the broker's word that it
 * delivers the same bytes again. A sensor's own counter, its clock, or the minute prove nothing: a report after closing is new.
 */
function incidentOfSameFall(draft: Draft, item: FallItem): Incident | undefined {
  const identity = ownIdentityOf(draft, item.report);
  const inRoom = byAge(draft).filter((one) => one.source_id === item.report.source_id);
  return inRoom.find(({ event_ids: known }) => {
    if (identity !== undefined && known.includes(identity)) return true;
    return item.redelivered && known.includes(idOf(item));
  });
}

/** Only our processors repeat a fall after its incident was closed. */
function ownIdentityOf(draft: Draft, { event_id: id, instance_id: instance }: FallReport): string | undefined {
  if (id === undefined || instance === undefined || !draft.view.processors.has(instance)) return undefined;
  return isFallEventId(id) ? id : undefined;
}

/** What an incident remembers of a report. */
function idOf({ report, fingerprint }: FallItem): string {
  return report.event_id ?? fingerprint;
}

/** A fall is never part of a drill: the drill makes room for a real incident. */
function endDrill(draft: Draft, drill: Incident): void {
  const note = 'a real fall was reported in the room';
  draft.edit(drill.incident_id, { state: 'closing', outcome: 'drill', note });
}

/** A second report joins the incident of its room: the dedicated watch that was already given back is wanted again. */
function join(draft: Draft, incident: Incident, item: FallItem): void {
  const isKnown = incident.event_ids.includes(idOf(item));
  const isSame = isKnown && isProvenSame(item);
  if ((isSame && incident.released !== true) || !isActive(incident)) return;
  const edited = draft.edit(incident.incident_id, {
    event_ids: isKnown ? incident.event_ids : withId(incident, idOf(item)),
    released: false,
  });
  if (!isSame) {
    noteFall(draft, edited, item, isKnown);
  }
}

/** Sensors may give every report the same id: a known id alone does not prove that the report is the same. */
function isProvenSame(item: FallItem): boolean {
  return item.redelivered || isFallEventId(idOf(item));
}

function withId({ event_ids: ids }: Incident, id: string): string[] {
  return [...ids, id].slice(-maxIncidentEntries);
}

/** Another fall needs another acknowledgment, and an id of its own; another report of the same fall does not. */
function noteFall(draft: Draft, incident: Incident, item: FallItem, isIdTaken: boolean): void {
  const falls = incident.falls ?? [];
  if (isAnotherFall(draft, incident)) {
    const id = isIdTaken ? `${item.fingerprint} ${draft.nowIso}` : idOf(item);
    draft.edit(incident.incident_id, {
      state: 'open',
      event_ids: isIdTaken ? withId(incident, id) : incident.event_ids,
      falls: [...falls, { ...fallOf(draft, item), event_id: id }].slice(-maxIncidentEntries),
      person: 'unknown',
      acknowledged_at: undefined,
      recovered_at: undefined,
    });
    return;
  }
  const last = falls.at(-1);
  const first = falls.length === 0 ? [fallOf(draft, item)] : [];
  const repeated = last === undefined ? first : falls.with(-1, { ...last, reported_at: draft.nowIso });
  draft.edit(incident.incident_id, { falls: repeated });
}

/** A sensor that repeats its report means the same fall while its reports are not further apart than this. */
const sameFallMs = 120_000;

/**
 * A report after the person was seen up is another fall. Where no camera sees the person, so is a report after an acknowledgment
 * that comes some time after the last one.
 */
function isAnotherFall(draft: Draft, incident: Incident): boolean {
  const last = lastFall(incident);
  if ((last ?? incident).recovered_at !== undefined) return true;
  if (last === undefined || incident.person === 'down' || incident.acknowledged_at === undefined) return false;
  return draft.ageMs(incident, last.reported_at) >= sameFallMs;
}

/** Foreign clocks may be wrong: a moment in the future, or long ago, is not used. */
const plausibleAgeMs = 86_400_000;

function fallOf(draft: Draft, item: FallItem): IncidentFall {
  const { detected_at: lowAt, timestamp } = item.report;
  const isPlausible = (at: string | undefined): at is string => {
    const ageMs = at === undefined ? -1 : draft.now.wallMs - Date.parse(at);
    return ageMs >= 0 && ageMs < plausibleAgeMs;
  };
  return withoutUndefined({
    event_id: idOf(item),
    first_low_at: isPlausible(lowAt) ? lowAt : undefined,
    alarm_at: isPlausible(timestamp) ? timestamp : draft.nowIso,
    reported_at: draft.nowIso,
    model_id: item.report.model_id,
    model_sha256: item.report.model_sha256,
    rule: item.report.rule,
    place: item.report.place,
  });
}

/** A foreign trace id is used only where it can travel through environments and labels; it stays readable in the event. */
const usableTraceId = /^[A-Za-z0-9._-]{1,128}$/;

function openForFall(rules: Rules, item: FallItem): void {
  const { report } = item;
  const { trace_id: traceId, detected_at: detectedAt } = report;
  const identity = ownIdentityOf(rules.draft, report);
  openIncident(rules, {
    incidentId: incidentIdOf(identity ?? `${item.id} ${item.fingerprint} ${rules.draft.now.wallMs}`),
    sourceId: report.source_id,
    drill: false,
    eventIds: [idOf(item)],
    fall: fallOf(rules.draft, item),
    traceId: traceId !== undefined && usableTraceId.test(traceId) ? traceId : undefined,
    detectedAt,
  });
}

export interface NewIncident {
  readonly incidentId: string;
  readonly sourceId: number;
  readonly drill: boolean;
  /** Of a drill: people are alerted as of a fall. */
  readonly withAlerts?: boolean;
  readonly fall?: IncidentFall | undefined;
  readonly eventIds: readonly string[];
  readonly traceId?: string | undefined;
  readonly detectedAt?: string | undefined;
  readonly by?: string | undefined;
  readonly note?: string | undefined;
  readonly dedicated?: string | undefined;
}

/** Writes a new incident and publishes it. A dedicated processor still in the room from a closing one is kept on. */
export function openIncident({ draft, dedicated }: Rules, wanted: NewIncident): Incident {
  const { sourceId, incidentId } = wanted;
  const home = draft.desired.get(sourceId)?.home ?? wanted.dedicated ?? 'unknown';
  const closing = byAge(draft).find((one) => one.source_id === sourceId && one.state === 'closing');
  const kept =
    wanted.dedicated ?? (closing?.dedicated && dedicated.has(closing.dedicated) ? closing.dedicated : undefined);
  const name = draft.desired.get(sourceId)?.name;
  const incident: Incident = withoutUndefined({
    incident_id: incidentId,
    source_id: sourceId,
    room_name: name,
    state: 'open',
    drill: wanted.drill,
    with_alerts: wanted.withAlerts === true ? true : undefined,
    degraded: false,
    note: wanted.note,
    by: wanted.by === undefined ? [] : [{ who: wanted.by, what: 'drill', at: draft.nowIso }],
    home,
    dedicated: kept,
    watched_by: closing?.watched_by ?? home,
    steps: { opened: draft.nowIso },
    durations_ms: { opened: 0 },
    overrides: [],
    attempts: { spawn: 0 },
    event_ids: [...wanted.eventIds],
    falls: wanted.fall === undefined ? [] : [wanted.fall],
    person: 'unknown',
    detected_at: wanted.detectedAt,
    replay_until: wanted.drill ? undefined : replayUntil(draft),
    clip: wanted.drill ? undefined : clipOf(draft, sourceId),
    opened_at: draft.nowIso,
    updated_at: draft.nowIso,
    trace_id: wanted.traceId ?? incidentId,
  });
  draft.addIncident(incident);
  draft.publish('incident_opened', incidentId, {
    severity: wanted.drill ? 'info' : 'critical',
    source_id: sourceId,
    incident_id: incidentId,
    trace_id: incident.trace_id,
    home,
    drill: wanted.drill,
  });
  return incident;
}

/** How long the policy lets a replay of the fall be kept. */
function replayUntil({ policy, now }: Draft): string | undefined {
  const { enabled, days } = policy.replay;
  return enabled ? new Date(now.wallMs + days * 86_400_000).toISOString() : undefined;
}

/** @param reason a sentence without its capital and full stop */
function refuse(draft: Draft, { report, fingerprint }: FallItem, reason: string): void {
  const fields: EventFields = withoutUndefined({
    severity: 'warning',
    source_id: report.source_id,
    reason: `The fall report was refused: ${reason}.`,
    trace_id: report.trace_id,
  });
  draft.publish('incident_refused', `${fingerprint} ${draft.now.wallMs}`, fields);
}

function refuseUnreadable(draft: Draft, { reason, fingerprint }: UnreadableItem): void {
  draft.publish('incident_refused', `${fingerprint} ${draft.now.wallMs}`, {
    severity: 'warning',
    reason: `A fall report was refused because it names no room. ${reason}`,
  });
}
