import { type AlertStage, type AlertState, type Incident, maxAlertEntries } from '@vigilia/protocol';
import { nextNotice } from './alarm.ts';
import type { AlertCase } from './alert-case.ts';
import type { Delivery, Memory } from './memory.ts';
import { type AlertPlan, factsOf, scheduleFor, timingOf } from './plan.ts';

/** Returns what is published about the alerting of each incident that is known, by incident id; pure. */
export function alertStates(
  { cases, deliveries }: Memory,
  incidents: ReadonlyMap<string, Incident>,
  plan: AlertPlan,
  nowMs: number,
): ReadonlyMap<string, AlertState> {
  const states = new Map<string, AlertState>();
  for (const one of cases) {
    const incident = one.incidentId === undefined ? undefined : incidents.get(one.incidentId);
    if (incident === undefined) continue;
    const own = deliveries.filter(({ caseKey }) => caseKey === one.key);
    states.set(incident.incident_id, alertState(one, own, incident, { plan, nowMs }));
  }
  return states;
}

function alertState(
  one: AlertCase,
  deliveries: readonly Delivery[],
  incident: Incident,
  { plan, nowMs }: { plan: AlertPlan; nowMs: number },
): AlertState {
  const { alarm, acknowledged, roomName, closed } = one;
  const next = nextOf(one, plan);
  return {
    incident_id: incident.incident_id,
    source_id: incident.source_id,
    ...(roomName === undefined ? {} : { room_name: roomName }),
    drill: incident.drill,
    stage: stageOf(one, deliveries),
    level: alarm?.phase.kind === 'ringing' ? alarm.phase.level : 0,
    fall: alarm?.fall ?? 1,
    person: one.person ?? 'unknown',
    notified: deliveries.slice(-maxAlertEntries).map(noticeOf),
    reactions: incident.by.map((act) => ({ ...act })),
    ...(acknowledged === undefined ? {} : { acknowledged }),
    ...(incident.outcome === undefined ? {} : { outcome: incident.outcome }),
    opened_at: incident.opened_at,
    ...(closed === undefined ? {} : { closed_at: closed.at }),
    ...(next === undefined ? {} : { next }),
    updated_at: iso(nowMs),
  };
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

function nextOf(one: AlertCase, plan: AlertPlan): AlertState['next'] {
  if (one.closed !== undefined || one.alarm === undefined) return undefined;
  const { graceMs } = factsOf(one);
  const next = nextNotice(one.alarm, { graceMs, schedule: scheduleFor(one, plan), timing: timingOf(plan) });
  return next === undefined ? undefined : { at: iso(next.atMs), step: next.kind, targets: next.targets.slice(0, 100) };
}

function noticeOf(delivery: Delivery): AlertState['notified'][number] {
  const { target, step, fall = 1, level = 0, state, createdMs, sentAt } = delivery;
  return {
    target,
    step: step.replace(/_\d+$/, ''),
    fall,
    level,
    state,
    at: iso(createdMs),
    ...(sentAt === undefined ? {} : { sent_at: sentAt }),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
