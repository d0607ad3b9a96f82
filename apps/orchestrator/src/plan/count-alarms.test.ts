import type { AlarmFigures, Incident } from '@vigilia/protocol';
import { countAlarms } from './count-alarms.ts';
import { incidentOf, now, rulesOf, viewOf } from './testing/views.ts';
import type { View } from './view.ts';

const hour = 3_600_000;
const falls: Incident['falls'] = [
  {
    event_id: 'e',
    alarm_at: new Date(now.wallMs).toISOString(),
    reported_at: new Date(now.wallMs).toISOString(),
    model_id: 'movenet',
    rule: 'found_lying',
  },
];
const opened_at = new Date(now.wallMs).toISOString();
const verdict = { outcome: 'false_alarm', by: 'Ana', at: opened_at, before: 'open' } as const;
const watched = (ms: number, sinceMs = now.monoMs - hour): View['watched'] => ({
  roomMs: new Map([[2, ms]]),
  modelMs: new Map([['movenet', ms]]),
  sinceMs,
});

function figures(view: Parameters<typeof viewOf>[0]): AlarmFigures | undefined {
  const rules = rulesOf(viewOf(view));
  countAlarms(rules);
  const record = rules.draft.finish().actions.find(({ kind }) => kind === 'publish_alarm_figures');
  return record?.kind === 'publish_alarm_figures' ? record.figures : undefined;
}

describe('figures of alarms', () => {
  test('an alarm is recorded with its room, model, rule and verdict', () => {
    const incidents = [incidentOf(2, { opened_at, falls, verdict, outcome: 'false_alarm' })];
    expect(figures({ incidents })?.alarms).toMatchObject([
      { source_id: 2, model_id: 'movenet', rule: 'found_lying', outcome: 'false_alarm' },
    ]);
  });

  test('a verdict that is taken back is no longer counted', () => {
    const given = figures({ incidents: [incidentOf(2, { opened_at, falls, verdict })] });
    const taken = figures({ incidents: [incidentOf(2, { opened_at, falls })], alarmFigures: given });
    expect(given?.alarms[0]?.outcome).toBe('false_alarm');
    expect(taken?.alarms).toHaveLength(1);
    expect(taken?.alarms[0]?.outcome).toBeUndefined();
  });

  test('a drill is not counted among the alarms of its room', () => {
    expect(figures({ incidents: [incidentOf(2, { opened_at, drill: true })], watched: watched(hour) })?.alarms).toEqual(
      [],
    );
  });

  test('an alarm still counts when its incident was cleared from the broker', () => {
    const before = figures({ incidents: [incidentOf(2, { opened_at, falls, verdict })] });
    const after = figures({ alarmFigures: before, watched: watched(hour) });
    expect(after?.alarms).toEqual(before?.alarms);
  });

  test('watched time adds up over the hours of a week, and nothing is published in between', () => {
    const first = figures({ watched: watched(hour) });
    expect(first?.weeks).toMatchObject([{ room_hours: { 2: 1 }, model_hours: { movenet: 1 } }]);
    expect(figures({ alarmFigures: first, watched: watched(hour / 2, now.monoMs - hour / 2) })).toBeUndefined();
    const second = figures({ alarmFigures: first, watched: watched(hour) });
    expect(second?.weeks).toMatchObject([{ room_hours: { 2: 2 } }]);
  });

  test('what is older than the kept weeks is left out', () => {
    const old = '1969-06-02T00:00:00.000Z';
    const before: AlarmFigures = {
      alarms: [{ incident_id: 'old', source_id: 2, opened_at: old }],
      weeks: [{ from: old, room_hours: { 2: 168 }, model_hours: {} }],
      updated_at: old,
    };
    const after = figures({ alarmFigures: before, watched: watched(hour) });
    expect(after?.alarms).toEqual([]);
    expect(after?.weeks).toHaveLength(1);
    expect(after?.weeks[0]?.room_hours).toEqual({ 2: 1 });
  });
});
