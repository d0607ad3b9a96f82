import { type AlarmRecord, summariseAlarms, weekOf } from './alarm-figures.ts';

const alarm = (n: number, more: Partial<AlarmRecord> = {}): AlarmRecord => ({
  incident_id: `inc-${n}`,
  source_id: 2,
  opened_at: '2026-03-03T10:00:00.000Z',
  model_id: 'movenet',
  rule: 'found_lying',
  ...more,
});
const week = (room_hours: Record<string, number>, model_hours: Record<string, number> = {}) => ({
  from: '2026-03-02T00:00:00.000Z',
  room_hours,
  model_hours,
});

describe('figures of alarms', () => {
  test('a real fall counts as true whether or not help was needed, and an alarm without a verdict as unknown', () => {
    const outcomes = ['helped', 'no_help_needed', 'false_alarm', 'unknown', undefined] as const;
    const alarms = outcomes.map((outcome, n) => alarm(n, { outcome }));
    const { rooms } = summariseAlarms({ alarms, weeks: [] });
    expect(rooms).toMatchObject([{ sourceId: 2, true: 2, false: 1, unknown: 2 }]);
  });

  test('false alarms are divided by the weeks in which the room was watched, not by the weeks of the calendar', () => {
    const alarms = [1, 2, 3].map((n) => alarm(n, { outcome: 'false_alarm' }));
    const weeks = [week({ 2: 168, 3: 168 }), week({ 2: 84 })];
    const { rooms } = summariseAlarms({ alarms, weeks });
    expect(rooms).toMatchObject([
      { sourceId: 2, false: 3, watchedWeeks: 1.5, falsePerWeek: 2 },
      { sourceId: 3, false: 0, watchedWeeks: 1, falsePerWeek: 0 },
    ]);
  });

  test('a room that was watched for less than a day has no rate per week', () => {
    const { rooms } = summariseAlarms({ alarms: [alarm(1, { outcome: 'false_alarm' })], weeks: [week({ 2: 23 })] });
    expect(rooms[0]?.falsePerWeek).toBeUndefined();
  });

  test('alarms of one model are counted per rule, over the room-weeks that this model watched', () => {
    const alarms = [
      alarm(1, { outcome: 'false_alarm' }),
      alarm(2, { rule: 'seen_fall', outcome: 'helped' }),
      alarm(3, { model_id: undefined, rule: undefined, outcome: 'false_alarm' }),
    ];
    const { models } = summariseAlarms({ alarms, weeks: [week({ 2: 168 }, { movenet: 336 })] });
    expect(models).toMatchObject([
      { modelId: 'movenet', rule: 'found_lying', false: 1, true: 0, falsePerWeek: 0.5 },
      { modelId: 'movenet', rule: 'seen_fall', false: 0, true: 1, falsePerWeek: 0 },
      { modelId: undefined, rule: undefined, false: 1, falsePerWeek: undefined },
    ]);
  });

  test('a week begins on Monday at 00:00 UTC', () => {
    const monday = Date.parse('2026-03-02T00:00:00.000Z');
    expect(weekOf(monday)).toBe(monday);
    expect(weekOf(monday - 1)).toBe(monday - 7 * 86_400_000);
    expect(weekOf(Date.parse('2026-03-08T23:59:59.999Z'))).toBe(monday);
  });
});
