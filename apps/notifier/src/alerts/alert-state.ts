import { type AlertStage, type AlertState, type Incident, maxAlertEntries, withoutUndefined } from '@vigilia/protocol';
import { nextNotice } from './alarm.ts';
import { type AlertCase, isBareFall, isOpen } from './alert-case.ts';
import type { Delivery, Memory } from './memory.ts';
import { type AlertPlan, factsOf, scheduleFor, timingOf } from './plan.ts';

/** Returns what is published about the alerting of each incident that is known and each open fall without one, by incident id; pure. */
export function alertStates(
  { cases, deliveries }: Memory,
  incidents: ReadonlyMap<string, Incident>,
  plan: AlertPlan,
  nowMs: number,
): ReadonlyMap<string, AlertState> {
  const states = new Map<string, AlertState>();
  for (const one of cases) {
    const of = subjectOf(one, incidents);
    if (of === undefined) continue;
    const own = deliveries.filter(({ caseKey }) => caseKey === one.key);
    states.set(of.incident_id, alertState(one, own, of, { plan, nowMs }));
  }
  return states;
}

/** What an alert state is about. */
type Subject = Pick<
  AlertState,
  'incident_id' | 'source_id' | 'drill' | 'reactions' | 'outcome' | 'opened_at' | 'end_reason'
>;

function subjectOf(one: AlertCase, incidents: ReadonlyMap<string, Incident>): Subject | undefined {
  const { key, incidentId, sourceId, happenedAt, acknowledged } = one;
  const incident = incidentId === undefined ? undefined : incidents.get(incidentId);
  if (incident !== undefined) {
    const { incident_id, source_id, drill, by, outcome, opened_at } = incident;
    const reactions = by.map((act) => ({ ...act }));
    return { incident_id, source_id, drill, reactions, outcome, opened_at, end_reason: endReasonOf(one, incident) };
  }
  if (!isBareFall(one) || !isOpen(one) || sourceId === undefined) return undefined;
  const { at, by: who, via } = acknowledged ?? {};
  const reactions = at === undefined || who === undefined ? [] : [{ who, what: 'acknowledge', at, via }];
  return { incident_id: key, source_id: sourceId, drill: false, reactions, outcome: undefined, opened_at: happenedAt };
}

/** The orchestrator notes why it ends a drill. */
function endReasonOf({ closed }: AlertCase, { drill, by, note }: Incident): string | undefined {
  const endedByPerson = by.some(({ what }) => what === 'resolve');
  return drill && closed !== undefined && !endedByPerson ? note : undefined;
}

function alertState(
  one: AlertCase,
  deliveries: readonly Delivery[],
  of: Subject,
  { plan, nowMs }: { plan: AlertPlan; nowMs: number },
): AlertState {
  const { alarm, acknowledged, roomName, closed } = one;
  const next = nextOf(one, plan, nowMs);
  return withoutUndefined({
    incident_id: of.incident_id,
    source_id: of.source_id,
    room_name: roomName,
    drill: of.drill,
    without_incident: isBareFall(one) ? true : undefined,
    stage: stageOf(one, deliveries),
    level: alarm?.phase.kind === 'ringing' ? alarm.phase.level : 0,
    fall: alarm?.fall ?? 1,
    person: one.person ?? 'unknown',
    notified: deliveries.slice(-maxAlertEntries).map(noticeOf),
    reactions: of.reactions,
    acknowledged,
    outcome: of.outcome,
    opened_at: of.opened_at,
    closed_at: closed?.at,
    end_reason: of.end_reason,
    next,
    updated_at: iso(nowMs),
  });
}

function stageOf(one: AlertCase, deliveries: readonly Delivery[]): AlertStage {
  if (one.closed !== undefined) return 'closed';
  const phase = one.alarm?.phase;
  if (phase === undefined) return 'notified';
  if (phase.kind === 'held') return one.person === 'up' ? 'attended' : 'acknowledged';
  const repeated = deliveries.at(-1)?.step.startsWith('repeated_') === true;
  if (phase.level > 0 || repeated) return 'repeated';
  if (phase.answered !== undefined) return 'returned';
  return phase.fired > 1 ? 'escalated' : 'notified';
}

function nextOf(one: AlertCase, plan: AlertPlan, nowMs: number): AlertState['next'] {
  if (one.closed !== undefined || one.alarm === undefined) return undefined;
  const { graceMs } = factsOf(one);
  const next = nextNotice(one.alarm, { graceMs, schedule: scheduleFor(one, plan, nowMs), timing: timingOf(plan) });
  return next === undefined ? undefined : { at: iso(next.atMs), step: next.kind, targets: next.targets.slice(0, 100) };
}

function noticeOf(delivery: Delivery): AlertState['notified'][number] {
  const { target, step, fall = 1, level = 0, state, createdMs, sentAt } = delivery;
  return withoutUndefined({
    target,
    step: step.replace(/_\d+$/, ''),
    fall,
    level,
    state,
    at: iso(createdMs),
    sent_at: sentAt,
  });
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
