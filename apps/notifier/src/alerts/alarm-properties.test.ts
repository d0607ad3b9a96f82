import fc from 'fast-check';
import {
  type Breaks,
  planFor,
  Ward,
  type WardSettings,
  type WardStep,
  wardSettings,
  wardSteps,
} from '../test-support/ward.ts';
import type { AlertCase } from './alert-case.ts';
import { isAlarm, type Memory } from './memory.ts';

/** The notifier looks once per second. */
const slackMs = 2000;

/** Plays a ward and checks after each second what its residents may rely on. @throws Error naming what was broken */
function check(settings: WardSettings, steps: readonly WardStep[], breaks?: Breaks): void {
  const ward = new Ward(planFor(settings), breaks);
  const { repeatS, returnS } = settings;
  let seen = 0;
  ward.play([...steps, { kind: 'wait', seconds: 700 }], () => {
    if (!ward.running) return;
    const quietSince = (sinceMs: number): number =>
      ward.nowMs - Math.max(sinceMs, ward.runningSinceMs, ward.lastAlarmMs);
    if (ward.unansweredSinceMs !== undefined && quietSince(ward.unansweredSinceMs) > repeatS * 1000 + slackMs)
      throw new Error(`no target was notified for ${quietSince(ward.unansweredSinceMs)} ms`);
    if (ward.heldSinceMs !== undefined && quietSince(ward.heldSinceMs) > Math.max(returnS, repeatS) * 1000 + slackMs)
      throw new Error(`the alarm did not return for ${quietSince(ward.heldSinceMs)} ms`);
    for (const { delivery } of ward.arrived.slice(seen)) {
      if (isAlarm(delivery.step) && !ward.isOpen) throw new Error(`an alarm was sent for a closed incident`);
    }
    seen = ward.arrived.length;
  });
  checkIds(ward);
}

/** Nothing is sent twice under another id, but an alarm whose verdict was taken back. */
function checkIds(ward: Ward): void {
  const raised = new Map<string, { id: string; createdMs: number }>();
  const last = new Map<string, { id: string; createdMs: number }>();
  for (const { delivery } of ward.arrived) {
    const { id, caseKey, target, step, fall, createdMs } = delivery;
    const about = `${caseKey} ${fall} ${target}`;
    const first = step === 'raised' ? raised.get(about) : undefined;
    const isReopened = ward.reopenedMs.some((ms) => ms <= createdMs && ms >= (first?.createdMs ?? ms));
    if (first !== undefined && first.id !== id && !isReopened) throw new Error(`${about} was raised twice`);
    if (step === 'raised') {
      raised.set(about, { id, createdMs });
    }
    const before = last.get(about);
    const repeats = before !== undefined && before.id !== id && step.startsWith('repeated_');
    const minimumMs = ward.repeatMs;
    if (repeats && createdMs - before.createdMs < minimumMs) throw new Error(`${about} was repeated too early`);
    if (isAlarm(step)) {
      last.set(about, { id, createdMs });
    }
  }
}

const plain: WardSettings = { repeatS: 60, returnS: 120, levelIncrease: 1, escalateS: [30], quiet: false };

test('whatever happens in a ward, an unanswered alarm is never silent for long, and returns while the person is down', () => {
  fc.assert(
    fc.property(wardSettings, wardSteps, (settings, steps) => check(settings, steps)),
    { numRuns: 40 },
  );
});

describe('the property is broken by a machine', () => {
  const withCases = (memory: Memory, edit: (one: AlertCase) => AlertCase): Memory => ({
    ...memory,
    cases: memory.cases.map(edit),
  });
  const wait = (seconds: number): WardStep => ({ kind: 'wait', seconds });
  const fall: WardStep = { kind: 'fall' };
  const acknowledge: WardStep = { kind: 'acknowledge' };
  const only = (keep: (step: string) => boolean): Breaks => {
    return { planned: (memory) => ({ ...memory, deliveries: memory.deliveries.filter(({ step }) => keep(step)) }) };
  };
  const looked = (edit: (one: AlertCase) => AlertCase): Breaks => ({ looked: (memory) => withCases(memory, edit) });

  test.each<[string, Breaks, WardStep[], string]>([
    ['whose list ends', only((step) => !step.startsWith('repeated_')), [fall, wait(600)], 'no target was notified'],
    [
      'that never comes back after an acknowledgment',
      only((step) => !step.startsWith('returned_')),
      [fall, wait(10), acknowledge, wait(600)],
      'did not return',
    ],
    [
      'that lets the acknowledgment of the first fall silence the second',
      looked(({ alarm, ...one }) =>
        alarm === undefined ? one : { ...one, alarm: { ...alarm, fallKey: one.fallKey ?? alarm.fallKey } },
      ),
      [fall, wait(10), acknowledge, { kind: 'up' }, wait(10), fall, wait(600)],
      'no target was notified',
    ],
    [
      'that forgets where it was at every look',
      looked(({ alarm: _, ...one }) => one),
      [fall, wait(600)],
      'no target was notified',
    ],
    [
      'that does not see that an incident is closed',
      looked(({ closed: _, ...one }) => one),
      [fall, wait(10), { kind: 'resolve' }, wait(600)],
      'closed incident',
    ],
  ])('%s', (_, breaks, steps, what) => {
    expect(() => check(plain, steps, breaks)).toThrow(what);
    expect(() => check(plain, steps)).not.toThrow();
  });
});
