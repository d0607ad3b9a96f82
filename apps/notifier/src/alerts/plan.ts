import type { AlertRule, AlertsFile } from '../config/alerts-schema.ts';
import { type AlertCase, isBareFall, isOpen, severityOf } from './alert-case.ts';
import { refusalPauseMs } from './look-at-refusals.ts';
import { type Delivery, deliveryId, isAlarm, type Memory, type Step } from './memory.ts';
import { isQuiet } from './quiet-hours.ts';

/** A fall that was reported without an incident waits this long for the orchestrator's. */
const incidentGraceMs = 5000;
/** Closed cases are remembered this long: longer than their incidents are retained. */
const keepClosedMs = 48 * 3_600_000;
/** A message that was under way when its case ended may still arrive, and then wants its end told. */
const settleMs = 60_000;
/** News of this age that never got through are not worth telling. */
const staleNewsMs = 6 * 3_600_000;

/** The rules of telling: everything that decides who is told what, and when. */
export type AlertPlan = Pick<AlertsFile, 'rules' | 'quiet_hours' | 'time_zone' | 'warn_after_s'> & {
  readonly targets: readonly string[];
};

/**
 * The memory with every delivery that is due by now, and without what nobody needs any more; pure. Calling it again with
 * its own result changes nothing.
 */
export function planDeliveries(memory: Memory, plan: AlertPlan, nowMs: number): Memory {
  const cases = memory.cases.filter((one) => isKept(one, memory.deliveries, nowMs));
  const known = new Map(memory.deliveries.map((one) => [one.id, one]));
  const quiet = isQuiet(plan.quiet_hours, plan.time_zone, nowMs);
  for (const one of cases) {
    const critical = severityOf[one.kind] === 'critical';
    if (quiet && !critical) continue;
    for (const [target, step] of [...alarmsDue(one, plan, nowMs), ...newsDue(one, known)]) {
      const id = deliveryId(one.key, step, target);
      if (known.has(id)) continue;
      known.set(id, { id, caseKey: one.key, target, step, critical, state: 'pending', begun: false, createdMs: nowMs });
    }
  }
  const byKey = new Map(cases.map((one) => [one.key, one]));
  const deliveries = [...known.values()]
    .filter(({ caseKey }) => byKey.has(caseKey))
    .map((one) => (isNeeded(one, byKey.get(one.caseKey), plan, nowMs) ? one : { ...one, state: 'dropped' as const }));
  return { ...memory, cases, deliveries };
}

/** How long a case must last before anybody is told of it. */
function raiseAfterMs(one: AlertCase, plan: AlertPlan): number {
  if (one.kind === 'fall' || one.kind === 'drill') return isBareFall(one) ? incidentGraceMs : 0;
  if (one.kind === 'fall_refused') return 0;
  return plan.warn_after_s * 1000;
}

function alarmsDue(one: AlertCase, plan: AlertPlan, nowMs: number): [string, Step][] {
  const lastedMs = nowMs - one.openedMs - raiseAfterMs(one, plan);
  if (!isOpen(one) || one.acknowledged !== undefined || lastedMs < 0) return [];
  const due: [string, Step][] = [];
  for (const rule of plan.rules) {
    if (!concerns(rule, one)) continue;
    due.push(...rule.to.map((target): [string, Step] => [target, 'raised']));
    if (one.kind !== 'fall' && one.kind !== 'drill') continue;
    for (const { after_s, to } of rule.escalate) {
      if (lastedMs >= after_s * 1000) due.push(...to.map((target): [string, Step] => [target, `escalated_${after_s}`]));
    }
  }
  return due;
}

function concerns(rule: AlertRule, one: AlertCase): boolean {
  if (!rule.severity.includes(severityOf[one.kind])) return false;
  if (rule.kinds !== undefined && !rule.kinds.includes(one.kind)) return false;
  return rule.rooms === undefined || (one.sourceId !== undefined && rule.rooms.includes(one.sourceId));
}

/** Whoever was, or may have been, alarmed is told how it goes on; the end makes what lies before it needless. */
function newsDue(one: AlertCase, known: ReadonlyMap<string, Delivery>): [string, Step][] {
  // a refused report has no end that people wait for
  if (one.kind === 'fall_refused') return [];
  const alarmed = [...known.values()].filter(
    ({ caseKey, state, begun, step }) => caseKey === one.key && (state === 'sent' || begun) && isAlarm(step),
  );
  const targets = [...new Set(alarmed.map(({ target }) => target))];
  const steps: Step[] = [];
  if (one.closed !== undefined) steps.push('closed');
  else {
    if (one.acknowledged !== undefined) steps.push('acknowledged');
    if (one.recoveredAt !== undefined) steps.push('recovered');
  }
  return targets.flatMap((target) => steps.map((step): [string, Step] => [target, step]));
}

function isNeeded(delivery: Delivery, one: AlertCase | undefined, plan: AlertPlan, nowMs: number): boolean {
  if (delivery.state !== 'pending') return true;
  if (one === undefined || !plan.targets.includes(delivery.target)) return false;
  if (isAlarm(delivery.step)) return isOpen(one) && one.acknowledged === undefined;
  if (delivery.step !== 'closed' && !isOpen(one)) return false;
  return nowMs - delivery.createdMs < staleNewsMs;
}

/** A closed case is forgotten once everybody was told and its id can come no more; soon when nobody was told of it. */
function isKept(one: AlertCase, deliveries: readonly Delivery[], nowMs: number): boolean {
  if (one.closed === undefined) return true;
  const closedForMs = nowMs - one.closed.ms;
  if (one.kind === 'fall_refused') return closedForMs < refusalPauseMs;
  if (closedForMs < settleMs) return true;
  if (closedForMs >= keepClosedMs) return false;
  const spoken = deliveries.some(({ caseKey, state }) => caseKey === one.key && state !== 'dropped');
  return spoken || one.kind === 'fall' || one.kind === 'drill';
}
