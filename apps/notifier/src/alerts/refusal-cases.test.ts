import { at, houseOf, startMs } from '../test-support/samples.ts';
import type { AlertCase } from './alert-case.ts';
import { compose } from './compose.ts';
import { emptyMemory } from './memory.ts';
import { type AlertPlan, planDeliveries } from './plan.ts';
import { type RefusedReport, updateRefusalCases, withRefusal } from './refusal-cases.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const reason = 'A fall report was refused because it names no room.';
const view = (ms: number) => ({ house: houseOf(), nowMs: startMs + ms });
const report = (id: number, change: Partial<RefusedReport> = {}): RefusedReport => ({
  eventId: `e-${id}`,
  reason,
  sourceId: undefined,
  roomName: undefined,
  happenedAt: at(0),
  ...change,
});
const plan = (quiet?: AlertPlan['quiet_hours']): AlertPlan => ({
  rules: [{ severity: ['warning'], to: ['phone'], drills: true, escalate: [] }],
  targets: ['phone'],
  time_zone: 'UTC',
  shifts: {},
  holidays: [],
  warn_after_s: 60,
  alarm: { repeat_s: 180, level_increase: 1, return_s: 300 },
  quiet_hours: quiet,
});

test('a refused fall report warns people at once, and the same reason again only after ten minutes', () => {
  const first = withRefusal([], report(1), view(0));
  const told = planDeliveries({ ...emptyMemory, cases: [...first] }, plan(), startMs);
  expect(told.deliveries).toMatchObject([{ target: 'phone', step: 'raised', critical: false }]);
  expect(withRefusal(first, report(2), view(10 * minuteMs - 1))).toBe(first);
  const later = withRefusal(first, report(2), view(10 * minuteMs));
  expect(later.filter(({ closed }) => closed === undefined)).toMatchObject([{ key: 'fall_refused:e-2' }]);
});

test('another reason is reported at once', () => {
  const both = withRefusal(
    withRefusal([], report(1), view(0)),
    report(2, { reason: 'Room 9 is not monitored.' }),
    view(1),
  );
  expect(both).toHaveLength(2);
});

test('a sensor that invents a new room with every report cannot flood people', () => {
  let cases: readonly AlertCase[] = [];
  for (let id = 0; id < 500; id += 1) {
    cases = withRefusal(cases, report(id, { reason: `room ${id}` }), view(id));
  }
  expect(cases).toHaveLength(20);
  for (let id = 500; id < 1000; id += 1) {
    cases = withRefusal(cases, report(id, { reason: `room ${id}` }), view(11 * minuteMs + id));
  }
  expect(cases.filter(({ closed }) => closed === undefined)).toHaveLength(20);
  const { cases: kept } = planDeliveries({ ...emptyMemory, cases: [...cases] }, plan(), startMs + 30 * minuteMs);
  expect(kept).toHaveLength(20);
});

test('the last refusal of the quiet hours is sent once when they end', () => {
  const quiet = { from: '09:00', to: '13:00' };
  let memory = emptyMemory;
  for (const hour of [0, 1, 2]) {
    const cases = [...withRefusal(memory.cases, report(hour), view(hour * hourMs))];
    memory = planDeliveries({ ...memory, cases }, plan(quiet), startMs + hour * hourMs);
  }
  expect(memory.deliveries).toEqual([]);
  memory = planDeliveries(memory, plan(quiet), startMs + 4 * hourMs);
  expect(memory.deliveries).toMatchObject([{ caseKey: 'fall_refused:e-2', state: 'pending' }]);
});

test('a warning that could not be sent for twelve hours is dropped, without a message about its end', () => {
  const cases = updateRefusalCases(withRefusal([], report(1), view(0)), startMs + 12 * hourMs);
  expect(cases).toMatchObject([{ closed: { ms: startMs + 12 * hourMs } }]);
  const sent = planDeliveries({ ...emptyMemory, cases: [...withRefusal([], report(1), view(0))] }, plan(), startMs);
  const deliveries = sent.deliveries.map((one) => ({ ...one, state: 'sent' as const }));
  expect(planDeliveries({ ...sent, cases: [...cases], deliveries }, plan(), startMs + 12 * hourMs).deliveries).toEqual(
    deliveries,
  );
});

test.each([
  ['en', undefined, 'Fall report without a known room', /^A fall was reported at 10:00, but/],
  ['en', 2, 'Fall report without an incident: Mrs C (room 2)', /no processor monitors this room/],
  ['es', undefined, 'Aviso de caída sin habitación conocida', /^Se avisó de una caída a las 10:00/],
  ['es', 2, 'Aviso de caída sin incidencia: Mrs C (habitación 2)', /ningún procesador vigila esta habitación/],
] as const)(
  'the message (%s, room %s) names the room when it is known and what to do now',
  (language, sourceId, title, text) => {
    const roomName = sourceId === undefined ? undefined : 'Mrs C';
    const [one] = withRefusal([], report(1, { sourceId, roomName }), view(0));
    const message = compose(one as AlertCase, 'raised', 'phone', { language, timeZone: 'UTC' });
    expect(message).toMatchObject({ kind: 'fall_refused', severity: 'warning', title, facts: { reason } });
    expect(message.text).toMatch(text);
  },
);
