import { makeIncident } from '@vigilia/simulated-site';
import { addMinute, newDay, type RoomMinuteFacts } from './day-records.ts';
import { incidentRecord } from './records.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 2, 1, 10, minute)).toISOString();
const incident = (change: Parameters<typeof makeIncident>[1]) =>
  makeIncident({ home: 'processor-a', sourceId: 2, at: at(0) }, change);

describe('the record of an incident', () => {
  test('help has arrived when the person was seen up after the acknowledgment, although the verdict came later', () => {
    const steps = { opened: at(0), acknowledged: at(1), recovered: at(4) };
    const verdict = { outcome: 'helped', by: 'Ana', at: at(9), before: 'acknowledged' } as const;
    expect(incidentRecord(incident({ steps, verdict }))).toMatchObject({ acknowledged_at: at(1), attended_at: at(4) });
  });

  test('a person who got up alone before a person was on the way was not helped by that', () => {
    const steps = { opened: at(0), recovered: at(1), acknowledged: at(2) };
    expect(incidentRecord(incident({ steps })).attended_at).toBeUndefined();
    const verdict = { outcome: 'no_help_needed', by: 'Ana', at: at(9), before: 'acknowledged' } as const;
    expect(incidentRecord(incident({ steps, verdict })).attended_at).toBe(at(9));
  });

  test('a sensor whose clock is ahead cannot make help arrive before the alarm', () => {
    const falls = [{ event_id: 'f', alarm_at: at(50), reported_at: at(0) }];
    expect(incidentRecord(incident({ falls })).alarms).toEqual([at(0)]);
    const later = { event_id: 'g', alarm_at: at(6000), reported_at: at(6000) };
    expect(incidentRecord(incident({ falls: [...falls, later] })).alarms).toEqual([at(0), at(6000)]);
  });

  test('no name and no note of a person is kept for a year', () => {
    const verdict = { outcome: 'helped', note: 'Mrs Ruiz', by: 'Ana', at: at(9), before: 'acknowledged' } as const;
    const by = [{ who: 'Ana', what: 'acknowledge', at: at(1) }];
    expect(JSON.stringify(incidentRecord(incident({ verdict, by })))).not.toMatch(/Ana|Ruiz/);
  });
});

describe('the day of a room', () => {
  const minute = (n: number, change: Partial<RoomMinuteFacts> = {}): RoomMinuteFacts => ({
    sourceId: 2,
    startMs: Date.UTC(2026, 2, 1, 10, n),
    bootId: 'a',
    recordedMs: 60_000,
    frames: 6,
    gaps: { unwatched: { no_results: 1000 }, blind: {} },
    ...change,
  });

  test('a minute that arrives again is counted once, and both lives of a sink within one minute count', () => {
    const day = newDay('2026-03-01', 'UTC');
    const added = [minute(0), minute(1), minute(0), minute(1), minute(1, { bootId: 'b' })].map((one) =>
      addMinute(day, one),
    );
    expect(added).toEqual([true, true, false, false, true]);
    expect(day.rooms['2']).toMatchObject({ recorded_ms: 180_000, frames: 18 });
    expect(Object.values(day.rooms['2']?.gaps ?? {})).toEqual([{ unwatched: { no_results: 3000 } }]);
  });

  test('a room keeps its ward while a later minute does not state it', () => {
    const day = newDay('2026-03-01', 'UTC');
    addMinute(day, minute(0, { ward: '2', roomName: 'Room 2' }));
    addMinute(day, minute(1));
    expect(day.rooms['2']).toMatchObject({ ward: '2', room_name: 'Room 2' });
  });
});
