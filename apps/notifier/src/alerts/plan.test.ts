import { withoutUndefined } from '@vigilia/protocol';
import fc from 'fast-check';
import { type AlertsFile, alertsSchema } from '../config/alerts-schema.ts';
import { startMs } from '../test-support/samples.ts';
import { reopenedAlarm } from './alarm.ts';
import type { AlertCase } from './alert-case.ts';
import { emptyMemory, type Memory } from './memory.ts';
import { type AlertPlan, planDeliveries } from './plan.ts';

const target = { type: 'ntfy', topic: 'ward' } as const;
const planOf = (change: Record<string, unknown> = {}): AlertPlan => {
  const file: AlertsFile = alertsSchema.parse({
    warn_after_s: 60,
    targets: { nurse: target, head: target, tech: target },
    rules: [
      { severity: 'critical', to: ['nurse'], escalate: [{ after_s: 120, to: ['head', 'nurse'] }] },
      { severity: ['warning', 'info'], to: ['tech'] },
    ],
    ...change,
  });
  return { ...file, targets: Object.keys(file.targets) };
};
const fall: AlertCase = {
  key: 'inc-1',
  kind: 'fall',
  openedMs: startMs,
  happenedAt: '2026-01-01T10:00:00.000Z',
  sourceId: 2,
  incidentId: 'inc-1',
};
const unwatched: AlertCase = { ...fall, key: 'unwatched:3', kind: 'unwatched', sourceId: 3 };
const acknowledged = { at: '2026-01-01T10:01:00.000Z', by: 'Ana' };
const ended = (ms: number) => ({ closed: { at: new Date(startMs + ms).toISOString(), ms: startMs + ms } });

const memoryOf = (...cases: AlertCase[]): Memory => ({ ...emptyMemory, cases });
const at = (memory: Memory, ms: number, plan = planOf()): Memory => planDeliveries(memory, plan, startMs + ms);
const sent = (memory: Memory, cases = memory.cases): Memory => ({
  ...memory,
  cases,
  deliveries: memory.deliveries.map((one) => (one.state === 'pending' ? { ...one, state: 'sent' } : one)),
});
const acknowledgedNow = (memory: Memory): Memory => ({
  ...memory,
  cases: memory.cases.map((one) => ({ ...one, acknowledged })),
});
const over = (memory: Memory, ms: number): Memory => ({
  ...memory,
  cases: memory.cases.map((one) => (one.kind === 'fall' ? { ...one, ...ended(ms) } : one)),
});
const show = ({ deliveries }: Memory): string[] =>
  deliveries.map(({ target, step, state }) => `${step} ${target} ${state}`);
const pending = (memory: Memory): string[] => show(memory).filter((one) => one.endsWith('pending'));

describe('the picture of a fall', () => {
  const withPictures: AlertPlan = { ...planOf(), pictureTargets: ['nurse'] };
  const pictured = (memory: Memory, picturedFall = fall.happenedAt): Memory => ({
    ...memory,
    cases: memory.cases.map((one) => ({ ...one, picturedFall })),
  });

  test('never holds the alarm up: it follows once the alarm was sent, once per fall', () => {
    const raised = at(pictured(memoryOf(fall)), 0, withPictures);
    expect(show(raised)).toEqual(['raised nurse pending']);
    const followed = at(sent(raised), 1000, withPictures);
    expect(pending(followed)).toEqual(['replay nurse pending']);
    expect(pending(at(sent(followed), 2000, withPictures))).toEqual([]);
  });

  test('is not critical: it waits behind no alarm and delays none', () => {
    const followed = at(pictured(sent(at(memoryOf(fall), 0))), 1000, withPictures);
    expect(followed.deliveries.map(({ step, critical }) => [step, critical])).toEqual([
      ['raised', true],
      ['replay', false],
    ]);
  });

  test('goes to targets that can show it, and not when it is of another fall', () => {
    const escalated = sent(at(sent(at(memoryOf(fall), 0)), 120_000));
    expect(pending(at(pictured(escalated), 121_000, withPictures))).toEqual(['replay nurse pending']);
    const ofAnother = pictured(escalated, '2026-01-01T09:00:00.000Z');
    expect(pending(at(ofAnother, 121_000, withPictures))).toEqual([]);
  });

  test('is not sent any more when the case is over', () => {
    const waiting = at(pictured(sent(at(memoryOf(fall), 0))), 1000, withPictures);
    expect(pending(at(over(waiting, 2000), 2000, withPictures))).toEqual(['closed nurse pending']);
  });
});

describe('a fall', () => {
  test('is sent at once, and again to others when it is not acknowledged in time', () => {
    const told = sent(at(memoryOf(fall), 0));
    expect(show(told)).toEqual(['raised nurse sent']);
    expect(pending(at(told, 119_999))).toEqual([]);
    expect(pending(at(told, 120_000))).toEqual(['escalated_120 head pending', 'escalated_120 nurse pending']);
  });

  test('is not escalated once a person is on the way, and those who were alarmed learn who it is', () => {
    const told = acknowledgedNow(sent(at(memoryOf(fall), 0)));
    expect(pending(at(told, 100_000))).toEqual(['acknowledged nurse pending']);
    expect(pending(at(sent(at(told, 100_000)), 300_000))).toEqual([]);
  });

  test('its end is sent to all who were alarmed, and to no one else', () => {
    const escalated = over(acknowledgedNow(sent(at(sent(at(memoryOf(fall), 0)), 120_000))), 200_000);
    expect(pending(at(escalated, 200_000)).sort()).toEqual(['closed head pending', 'closed nurse pending']);
  });

  test('its end that waits for a target is not sent after the verdict was taken back: the alarm goes on', () => {
    const told = at(over(sent(at(memoryOf(fall), 0)), 10_000), 10_000);
    expect(pending(told)).toEqual(['closed nurse pending']);
    const undone = { ...told, cases: told.cases.map(({ closed: _, ...one }) => one) };
    expect(pending(at(undone, 20_000))).toEqual([]);
  });

  test('its end that was sent is followed by a message that it is open again, once for each time a verdict is taken back', () => {
    const undone = (memory: Memory): Memory => ({ ...memory, cases: memory.cases.map(({ closed: _, ...one }) => one) });
    let memory = sent(at(acknowledgedNow(sent(at(memoryOf(fall), 0))), 5000));
    memory = sent(at(over(memory, 10_000), 10_000));
    memory = at(undone(memory), 20_000);
    expect(pending(memory)).toEqual(['reopened nurse pending']);
    expect(pending(at(over(memory, 21_000), 21_000))).toEqual(['closed nurse pending']);
    memory = sent(at(memory, 22_000));
    expect(pending(at(memory, 23_000))).toEqual([]);
    memory = at(undone(sent(at(over(memory, 30_000), 30_000))), 40_000);
    expect(pending(memory)).toEqual(['reopened nurse pending']);
  });

  test('a verdict that is taken back before a person acknowledged is followed by the alarm alone', () => {
    const closed = sent(at(over(sent(at(memoryOf(fall), 0)), 10_000), 10_000));
    const reopened = ({ closed: _, alarm, ...one }: AlertCase): AlertCase => ({
      ...one,
      alarm: alarm && reopenedAlarm(alarm, startMs + 20_000),
    });
    const ringing = at({ ...closed, cases: closed.cases.map(reopened) }, 20_000);
    expect(pending(ringing)).toEqual(['raised nurse pending']);
    expect(pending(at(sent(ringing), 30_000))).toEqual([]);
  });

  test('news that wait for a target are not sent when the alarm has returned, or the person is down again', () => {
    const down = (memory: Memory): Memory => ({
      ...memory,
      cases: memory.cases.map(({ recoveredAt: _, ...one }) => ({ ...one, person: 'down' as const })),
    });
    const held = at(acknowledgedNow(sent(at(down(memoryOf(fall)), 0))), 60_000);
    const up = at({ ...held, cases: held.cases.map((one) => ({ ...one, recoveredAt: acknowledged.at })) }, 61_000);
    expect(pending(up)).toEqual(['acknowledged nurse pending', 'recovered nurse pending']);
    expect(pending(at(down(up), 62_000))).toEqual(['acknowledged nurse pending']);
    expect(pending(at(down(up), 400_000))).toEqual([expect.stringMatching(/^returned_\d+ nurse pending$/)]);
  });

  test('that was over before a target could be reached is not sent any more', () => {
    const memory = at(memoryOf(fall), 0);
    expect(show(at(over(memory, 10), 10))).toEqual(['raised nurse dropped']);
  });

  test('whose alarm may have arrived unconfirmed: its end is sent there too', () => {
    const memory = at(memoryOf(fall), 0);
    const deliveries = memory.deliveries.map((one) => ({ ...one, begun: true }));
    expect(show(at(over({ ...memory, deliveries }, 10), 10))).toEqual(['raised nurse dropped', 'closed nurse pending']);
  });

  test('without an incident waits five seconds for the orchestrator, then is sent all the same', () => {
    const { incidentId: _, ...bare } = fall;
    expect(show(at(memoryOf(bare), 4999))).toEqual([]);
    expect(show(at(memoryOf(bare), 5000))).toEqual(['raised nurse pending']);
  });

  test('is sent in the middle of quiet hours; a room without a watcher waits for their end', () => {
    const plan = planOf({ quiet_hours: { from: '09:00', to: '12:00' } });
    const night = sent(at(memoryOf(fall, unwatched), 3_600_000, plan));
    expect(show(night)).toEqual(['raised nurse sent']);
    const morning = at(sent(at(over(night, 3_700_000), 3_700_000, plan)), 2 * 3_600_000, plan);
    expect(pending(morning)).toEqual(['raised tech pending']);
  });
});

describe('a trouble', () => {
  test('is sent after it has lasted, and its end to those who were notified', () => {
    expect(show(at(memoryOf(unwatched), 59_999))).toEqual([]);
    const told = sent(at(memoryOf(unwatched), 60_000), [{ ...unwatched, ...ended(90_000) }]);
    expect(pending(at(told, 90_000))).toEqual(['closed tech pending']);
  });

  test('that passes quickly is forgotten and sent to no one', () => {
    const short = memoryOf({ ...unwatched, ...ended(10_000) });
    expect(at(short, 120_000)).toEqual(emptyMemory);
  });
});

describe('rules', () => {
  test('of rooms concern only those rooms', () => {
    const plan = planOf({ rules: [{ severity: 'critical', rooms: [7], to: ['nurse'] }] });
    expect(show(at(memoryOf(fall, { ...fall, key: 'inc-7', sourceId: 7 }), 0, plan))).toHaveLength(1);
  });

  test('that name the same target notify it once', () => {
    const rules = [
      { severity: 'critical', to: ['nurse'] },
      { severity: 'critical', kinds: ['fall'], to: ['nurse', 'head'] },
    ];
    expect(show(at(memoryOf(fall), 0, planOf({ rules })))).toEqual(['raised nurse pending', 'raised head pending']);
  });

  test('a target that was taken out of the file is not waited for', () => {
    const memory = at(memoryOf(fall), 0);
    expect(show(at(memory, 1, { ...planOf(), targets: ['head'] }))).toContain('raised nurse dropped');
  });
});

test('planning again changes nothing, whatever happened: no message is ever planned twice', () => {
  const anyCase = fc.record({
    kind: fc.constantFrom('fall' as const, 'unwatched' as const, 'drill' as const),
    acknowledged: fc.boolean(),
    closedAfterMs: fc.option(fc.integer({ min: 0, max: 400_000 })),
  });
  const moments = fc.array(fc.integer({ min: 0, max: 400_000 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(anyCase, { maxLength: 5 }), moments, fc.boolean(), (cases, times, arrive) => {
      const made = cases.map((one, index) =>
        withoutUndefined<AlertCase>({
          ...fall,
          key: `case-${index}`,
          kind: one.kind,
          acknowledged: one.acknowledged ? acknowledged : undefined,
          closed: one.closedAfterMs === null ? undefined : ended(one.closedAfterMs).closed,
        }),
      );
      let memory = memoryOf(...made);
      for (const ms of times.sort((a, b) => a - b)) {
        memory = at(memory, ms);
        expect(at(memory, ms)).toEqual(memory);
        const ids = memory.deliveries.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        if (arrive) {
          memory = sent(memory);
        }
      }
    }),
  );
});

describe('rules for wards and shifts', () => {
  const duty = (rooms: Readonly<Record<number, string>>): AlertPlan => {
    const plan = planOf({
      shifts: { day: { from: '07:00', to: '22:00' }, night: { from: '22:00', to: '07:00' } },
      targets: { one: target, two: target, night: target },
      rules: [
        { severity: 'critical', wards: ['1'], shifts: ['day'], to: ['one'] },
        { severity: 'critical', wards: ['2'], shifts: ['day'], to: ['two'] },
        { severity: 'critical', shifts: ['night'], to: ['night'] },
        { severity: 'critical', shifts: ['day'], to: ['two'] },
      ],
    });
    return { ...plan, wardOf: (sourceId) => rooms[sourceId] };
  };
  const told = (memory: Memory): string[] => [...new Set(memory.deliveries.map(({ target: name }) => name))].sort();

  test('a fall alerts the ward of its room, and a room whose ward is not known those who have no ward', () => {
    // startMs is 10:00
    expect(told(at(memoryOf(fall), 0, duty({ 2: '1' })))).toEqual(['one', 'two']);
    expect(told(at(memoryOf(fall), 0, duty({ 2: '2' })))).toEqual(['two']);
    expect(told(at(memoryOf(fall), 0, duty({})))).toEqual(['two']);
  });

  test('an alarm that no person answers alerts the next shift as soon as it is on duty', () => {
    const plan = duty({ 2: '1' });
    const lateMs = 12 * 3_600_000 - 60_000;
    const evening = { ...fall, openedMs: startMs + lateMs };
    let memory = sent(at(memoryOf(evening), lateMs, plan));
    expect(told(memory)).toEqual(['one', 'two']);
    memory = at(memory, lateMs + 61_000, plan);
    expect(pending(memory)).toEqual([expect.stringMatching(/ night pending$/)]);
    memory = at(sent(memory), lateMs + 62_000, plan);
    expect(pending(memory)).toEqual([]);
  });

  test('the people of a ward are alerted as soon as the ward of the room is known', () => {
    let memory = sent(at(memoryOf(fall), 0, duty({})));
    expect(told(memory)).toEqual(['two']);
    memory = at(memory, 2000, duty({ 2: '1' }));
    expect(pending(memory)).toEqual([expect.stringMatching(/ one pending$/)]);
  });
});
