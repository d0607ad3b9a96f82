import { type FallReport, type Incident, incidentIdOf } from '@vigilia/protocol';
import type { Draft } from './draft.ts';
import { activeIncidentOf, byAge } from './incident-state.ts';
import type { Rules } from './rules.ts';
import type { InboxItem } from './view.ts';

type FallItem = Extract<InboxItem, { kind: 'fall' }>;

/**
 * Falls become incidents. A redelivered event finds its incident open or closed and does nothing; a second fall in a room
 * joins; an unknown room is refused; a flood is let in one by one, in order.
 */
export function takeFalls(rules: Rules): void {
  const { draft } = rules;
  let opened = draft.view.lastOpenedMs;
  const spacingMs = 1000 / draft.policy.limits.incidents_per_second;
  for (const item of draft.view.inbox) {
    if (item.kind !== 'fall') continue;
    if (settleWithoutOpening(rules, item)) {
      draft.record({ kind: 'settle', id: item.id });
      continue;
    }
    if (opened !== undefined && !draft.reached(draft.now.monoMs - opened, spacingMs)) continue;
    openForFall(rules, item.report);
    opened = draft.now.monoMs;
    draft.record({ kind: 'settle', id: item.id });
  }
}

function settleWithoutOpening(rules: Rules, item: FallItem): boolean {
  const { draft } = rules;
  const { report } = item;
  if (item.type === 'fall_suspected' && draft.policy.trigger !== 'fall_suspected') return true;
  if (!draft.desired.has(report.source_id)) {
    refuse(draft, report, 'no processor is meant to watch this room');
    return true;
  }
  const id = incidentIdOf(report, minuteOf(draft, report));
  const known = draft.incident(id) ?? byAge(draft).find((one) => knows(one, report.event_id));
  if (known !== undefined) {
    if (!knows(known, report.event_id)) join(draft, known, report);
    return true;
  }
  const active = activeIncidentOf(draft, report.source_id);
  if (active === undefined) return false;
  join(draft, active, report);
  return true;
}

function knows(incident: Incident, eventId: string | undefined): boolean {
  return eventId === undefined ? false : incident.event_ids.includes(eventId);
}

/** A second fall in a room joins its incident: the watch that was already given back is wanted again. */
function join(draft: Draft, incident: Incident, report: FallReport): void {
  const eventIds = report.event_id === undefined ? [] : [report.event_id];
  if (eventIds.length === 0 && incident.released !== true) return;
  draft.edit(incident.incident_id, {
    event_ids: [...incident.event_ids, ...eventIds].slice(-50),
    ...(incident.state === 'closed' || incident.state === 'closing' ? {} : { released: false }),
  });
}

/** A bare report's minute: its own time when it has one, so that a redelivery opens nothing twice. */
function minuteOf(draft: Draft, report: FallReport): number {
  const at = report.timestamp === undefined ? draft.now.wallMs : Date.parse(report.timestamp);
  return Math.floor(at / 60_000);
}

function openForFall(rules: Rules, report: FallReport): void {
  const { draft } = rules;
  const { detected_at: at } = report as { detected_at?: unknown };
  const detectedAt = typeof at === 'string' ? at : undefined;
  openIncident(rules, {
    incidentId: incidentIdOf(report, minuteOf(draft, report)),
    sourceId: report.source_id,
    drill: false,
    eventIds: report.event_id === undefined ? [] : [report.event_id],
    ...(report.trace_id === undefined ? {} : { traceId: report.trace_id }),
    ...(detectedAt === undefined || Number.isNaN(Date.parse(detectedAt)) ? {} : { detectedAt }),
  });
}

export interface NewIncident {
  readonly incidentId: string;
  readonly sourceId: number;
  readonly drill: boolean;
  readonly eventIds: readonly string[];
  readonly traceId?: string;
  readonly detectedAt?: string;
  readonly by?: string;
  readonly note?: string;
  readonly dedicated?: string;
}

/** Writes a new incident and tells it. A dedicated processor still in the room from a closing one is kept on. */
export function openIncident({ draft, dedicated }: Rules, wanted: NewIncident): Incident {
  const { sourceId, incidentId } = wanted;
  const home = draft.desired.get(sourceId)?.home ?? wanted.dedicated ?? 'unknown';
  const closing = byAge(draft).find((one) => one.source_id === sourceId && one.state === 'closing');
  const kept =
    wanted.dedicated ?? (closing?.dedicated && dedicated.has(closing.dedicated) ? closing.dedicated : undefined);
  const name = draft.desired.get(sourceId)?.name;
  const incident: Incident = {
    incident_id: incidentId,
    source_id: sourceId,
    ...(name === undefined ? {} : { room_name: name }),
    state: 'open',
    drill: wanted.drill,
    degraded: false,
    ...(wanted.note === undefined ? {} : { note: wanted.note }),
    by: wanted.by === undefined ? [] : [{ who: wanted.by, what: 'drill', at: draft.nowIso }],
    home,
    ...(kept === undefined ? {} : { dedicated: kept }),
    watched_by: closing?.watched_by ?? home,
    steps: { opened: draft.nowIso },
    durations_ms: { opened: 0 },
    overrides: [],
    attempts: { spawn: 0 },
    event_ids: [...wanted.eventIds],
    ...(wanted.detectedAt === undefined ? {} : { detected_at: wanted.detectedAt }),
    opened_at: draft.nowIso,
    updated_at: draft.nowIso,
    trace_id: wanted.traceId ?? incidentId,
  };
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

function refuse(draft: Draft, report: FallReport, reason: string): void {
  draft.publish('incident_refused', `${report.event_id ?? ''} ${report.source_id} ${minuteOf(draft, report)}`, {
    severity: 'warning',
    source_id: report.source_id,
    reason,
    ...(report.trace_id === undefined ? {} : { trace_id: report.trace_id }),
  });
}
