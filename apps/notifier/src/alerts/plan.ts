import type { AlertRule, AlertsFile } from '../config/alerts-schema.ts';
import { type DutyPlan, isRuleOnDuty } from '../config/on-duty.ts';
import type { Step } from '../targets/alert-message.ts';
import { type AlarmFacts, advanceAlarm, type Notice } from './alarm.ts';
import { type AlertCase, isBareFall, isFallOrDrill, isOpen, severityOf } from './alert-case.ts';
import { type Delivery, deliveryId, isAlarm, type Memory } from './memory.ts';
import { isQuiet } from './quiet-hours.ts';
import { refusalPauseMs } from './refusal-cases.ts';
import { type AlarmTiming, type Schedule, scheduleOf } from './schedule.ts';

/** A fall that was reported without an incident waits this long for the orchestrator's. */
const incidentGraceMs = 5000;
/** Closed cases are remembered this long: longer than their incidents are retained. */
const keepClosedMs = 48 * 3_600_000;
/** A message that was under way when its case ended may still arrive, and then its end has to be sent. */
const settleMs = 60_000;
/** News of this age that never got through are not worth sending. */
const staleNewsMs = 6 * 3_600_000;
/** Alarms that are remembered of a case, beside those that wait. */
const keptPerCase = 200;

/** The rules of alerts: everything that decides who is notified of what, and when. */
export type AlertPlan = Pick<AlertsFile, 'rules' | 'quiet_hours' | 'warn_after_s' | 'alarm'> &
  DutyPlan & {
    readonly targets: readonly string[];
    /** Targets that show the picture of a fall. */
    readonly pictureTargets?: readonly string[];
  };

/** A message that is due, before it is known whether it was planned already. */
interface Wanted {
  readonly id: string;
  readonly target: string;
  readonly step: Step;
  readonly fall?: number;
  readonly level?: number;
}

/**
 * The memory with every delivery that is due by now, and without what is not needed any more; pure. Calling it again with
 * its own result changes nothing.
 */
export function planDeliveries(memory: Memory, plan: AlertPlan, nowMs: number): Memory {
  const kept = memory.cases.filter((one) => isKept(one, memory.deliveries, nowMs));
  const known = new Map(memory.deliveries.map((one) => [one.id, one]));
  const quiet = isQuiet(plan.quiet_hours, plan.time_zone, nowMs);
  const cases = kept.map((one) => {
    const critical = severityOf(one) === 'critical';
    if (quiet && !critical) return one;
    const add = (wanted: readonly Wanted[]): void => {
      for (const { id, target, step, ...of } of wanted) {
        if (known.has(id)) continue;
        // a picture must be in front of no alarm
        const isCritical = critical && step !== 'replay';
        const delivery = { id, caseKey: one.key, target, step, critical: isCritical, ...of };
        known.set(id, { ...delivery, state: 'pending', begun: false, createdMs: nowMs });
      }
    };
    const { after, alarms } = alarmsDue(one, plan, nowMs);
    add(alarms);
    add(newsDue(after, known, plan));
    return after;
  });
  const byKey = new Map(cases.map((one) => [one.key, one]));
  const needed = [...known.values()]
    .filter(({ caseKey }) => byKey.has(caseKey))
    .map((one) => (isNeeded(one, byKey.get(one.caseKey), plan, nowMs) ? one : { ...one, state: 'dropped' as const }));
  return { ...memory, cases, deliveries: bounded(withoutSuperseded(needed)) };
}

/** How the alarm of a fall goes on, by the file. */
export function timingOf({ alarm }: Pick<AlertPlan, 'alarm'>): AlarmTiming {
  return {
    repeatMs: alarm.repeat_s * 1000,
    levelIncrease: alarm.level_increase,
    returnMs: alarm.return_s * 1000,
  };
}

/** The targets that are notified of a fall or drill, in order, by the rules that count at this time. */
export function scheduleFor(one: AlertCase, plan: Pick<AlertPlan, 'rules'> & DutyPlan, nowMs: number): Schedule {
  return scheduleOf(
    rulesFor(one, plan, nowMs).flatMap(({ to, escalate }) => [
      { offsetMs: 0, targets: to },
      ...escalate.map((step) => ({ offsetMs: step.after_s * 1000, targets: step.to })),
    ]),
  );
}

/** What the alarm of a fall or drill needs to know of it. */
export function factsOf(one: AlertCase): AlarmFacts {
  return {
    fallKey: one.fallKey ?? 'first',
    openedMs: one.openedMs,
    falls: one.falls ?? 1,
    person: one.person ?? 'unknown',
    acknowledgedAt: one.acknowledged?.at,
    graceMs: isBareFall(one) ? incidentGraceMs : 0,
  };
}

function alarmsDue(one: AlertCase, plan: AlertPlan, nowMs: number): { after: AlertCase; alarms: Wanted[] } {
  if (!isFallOrDrill(one)) return { after: one, alarms: troubleDue(one, plan, nowMs) };
  if (!isOpen(one)) return { after: one, alarms: [] };
  const { alarm, notices } = advanceAlarm(one.alarm, factsOf(one), {
    schedule: scheduleFor(one, plan, nowMs),
    timing: timingOf(plan),
    nowMs,
  });
  const after = alarm === one.alarm ? one : { ...one, alarm };
  return { after, alarms: notices.flatMap((notice) => messagesOf(notice, one.key)) };
}

function messagesOf({ number, kind, afterMs, fall, level, targets }: Notice, key: string): Wanted[] {
  const step: Step = kind === 'raised' ? 'raised' : `${kind}_${Math.round(afterMs / 1000)}`;
  const name = number === 1 ? step : `${number} ${step}`;
  return targets.map((target) => ({ id: deliveryId(key, name, target), target, step, fall, level }));
}

/** A trouble is reported once, when it has lasted. */
function troubleDue(one: AlertCase, plan: AlertPlan, nowMs: number): Wanted[] {
  const afterMs = one.kind === 'fall_refused' ? 0 : plan.warn_after_s * 1000;
  if (!isOpen(one) || nowMs - one.openedMs < afterMs) return [];
  const targets = rulesFor(one, plan, nowMs).flatMap(({ to }) => to);
  return targets.map((target) => ({ id: deliveryId(one.key, 'raised', target), target, step: 'raised' }));
}

function rulesFor(one: AlertCase, plan: Pick<AlertPlan, 'rules'> & DutyPlan, nowMs: number): AlertRule[] {
  return plan.rules.filter((rule) => concerns(rule, one) && isRuleOnDuty(rule, one.sourceId, plan, nowMs));
}

function concerns(rule: AlertRule, one: AlertCase): boolean {
  const { kind, withAlerts = false, sourceId } = one;
  if (withAlerts && !rule.drills) return false;
  if (!rule.severity.includes(severityOf(one))) return false;
  if (rule.kinds !== undefined && !rule.kinds.includes(withAlerts ? 'fall' : kind)) return false;
  return rule.rooms === undefined || (sourceId !== undefined && rule.rooms.includes(sourceId));
}

/** Each target that was, or may have been, alarmed is notified how it goes on; the end makes what lies before it needless. */
function newsDue(one: AlertCase, known: ReadonlyMap<string, Delivery>, plan: AlertPlan): Wanted[] {
  // a refused report has no end that people wait for
  if (one.kind === 'fall_refused') return [];
  const alarmed = [...known.values()].filter(
    ({ caseKey, state, begun, step }) => caseKey === one.key && (state === 'sent' || begun) && isAlarm(step),
  );
  if (one.closed !== undefined) return newsFor(alarmed, one, 'closed', one.closed.at);
  // an alarm that came after the end is enough, and must not be replaced by news on a phone
  const isOutdated = (end: Delivery): boolean =>
    [...known.values()].some(
      ({ caseKey, target, step, createdMs }) =>
        caseKey === one.key && target === end.target && isAlarm(step) && createdMs >= end.createdMs,
    );
  const reopened = [...known.values()]
    .filter(
      (end) =>
        end.caseKey === one.key && (end.state === 'sent' || end.begun) && end.step === 'closed' && !isOutdated(end),
    )
    .flatMap((end) => newsFor([end], one, 'reopened', `after ${end.createdMs}`));
  const fall = one.alarm?.fall ?? 1;
  const ofThisFall = alarmed.filter((delivery) => (delivery.fall ?? 1) === fall);
  return [
    ...reopened,
    ...pictureDue(one, ofThisFall, plan),
    ...(one.alarm?.phase.kind === 'held'
      ? newsFor(ofThisFall, one, 'acknowledged', one.alarm.phase.acknowledgedAt)
      : []),
    ...(one.recoveredAt === undefined ? [] : newsFor(ofThisFall, one, 'recovered', `fall ${fall}`)),
  ];
}

/** The picture of a fall follows the alarm as soon as it is drawn: an alarm does not wait for it. */
function pictureDue(one: AlertCase, alarmed: readonly Delivery[], { pictureTargets = [] }: AlertPlan): Wanted[] {
  if (one.picturedFall === undefined || one.picturedFall !== one.happenedAt) return [];
  const shown = alarmed.filter(({ target }) => pictureTargets.includes(target));
  return newsFor(shown, one, 'replay', one.picturedFall);
}

function newsFor(alarmed: readonly Delivery[], one: AlertCase, step: Step, which: string): Wanted[] {
  const targets = [...new Set(alarmed.map(({ target }) => target))];
  const fall = one.alarm?.fall;
  return targets.map((target) => {
    const id = deliveryId(one.key, `${step} ${which}`, target);
    return fall === undefined ? { id, target, step } : { id, target, step, fall };
  });
}

function isNeeded(delivery: Delivery, one: AlertCase | undefined, plan: AlertPlan, nowMs: number): boolean {
  if (delivery.state !== 'pending') return true;
  if (one === undefined || !plan.targets.includes(delivery.target)) return false;
  if (isAlarm(delivery.step)) return isOpen(one) && one.alarm?.phase.kind !== 'held';
  if (!isTrue(delivery.step, one)) return false;
  // what was reported of an earlier fall is not news after another one
  if (delivery.fall !== undefined && delivery.fall !== one.alarm?.fall) return false;
  return nowMs - delivery.createdMs < staleNewsMs;
}

/** Whether news that wait are still so: after an undo the end is none, and after the return of an alarm nobody is on the way. */
function isTrue(step: Step, one: AlertCase): boolean {
  if (step === 'closed') return !isOpen(one);
  if (!isOpen(one)) return false;
  if (step === 'reopened') return true;
  if (step === 'replay') return one.picturedFall === one.happenedAt;
  return step === 'acknowledged' ? one.alarm?.phase.kind === 'held' : one.recoveredAt !== undefined;
}

/** An alarm that waits for its target is replaced by a later one about the same case: a target gets what is true now. */
function withoutSuperseded(deliveries: readonly Delivery[]): readonly Delivery[] {
  const latest = new Map<string, Delivery>();
  const about = ({ caseKey, target }: Delivery): string => `${caseKey} ${target}`;
  for (const one of deliveries) {
    if (one.state === 'pending' && isAlarm(one.step)) {
      latest.set(about(one), one);
    }
  }
  return deliveries.map((one) =>
    one.state === 'pending' && isAlarm(one.step) && latest.get(about(one)) !== one
      ? { ...one, state: 'dropped' as const }
      : one,
  );
}

/** An alarm that lasts for days does not fill the disk. */
function bounded(deliveries: readonly Delivery[]): Delivery[] {
  const left = new Map<string, number>();
  const kept: Delivery[] = [];
  for (const one of deliveries.toReversed()) {
    const room = left.get(one.caseKey) ?? keptPerCase;
    const counts = one.state !== 'pending' && isAlarm(one.step);
    if (counts && room <= 0) continue;
    if (counts) {
      left.set(one.caseKey, room - 1);
    }
    kept.push(one);
  }
  return kept.toReversed();
}

/** A closed case is forgotten once all were notified and its id can come no more; soon when no one was notified of it. */
function isKept(one: AlertCase, deliveries: readonly Delivery[], nowMs: number): boolean {
  if (one.closed === undefined) return true;
  const closedForMs = nowMs - one.closed.ms;
  if (one.kind === 'fall_refused') return closedForMs < refusalPauseMs;
  if (closedForMs < settleMs) return true;
  if (closedForMs >= keepClosedMs) return false;
  const spoken = deliveries.some(({ caseKey, state }) => caseKey === one.key && state !== 'dropped');
  return spoken || isFallOrDrill(one);
}
