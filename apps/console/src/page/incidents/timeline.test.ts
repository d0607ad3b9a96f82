import type { IncidentView } from '../../shared/view.ts';
import { sortIncidents } from '../live/rank.ts';
import { timelineOf } from './timeline.ts';

const incident = (change: Partial<IncidentView>): IncidentView => ({
  incident_id: 'inc-1',
  source_id: 2,
  state: 'open',
  drill: false,
  degraded: false,
  by: [],
  home: 'a',
  watched_by: 'a',
  steps: {},
  opened_at: '2026-01-01T10:00:00.000Z',
  on_floor_since: '2026-01-01T10:00:00.000Z',
  person_down: true,
  ...change,
});

it('lists what happened in the order of time, and who did it', () => {
  const steps = { acknowledged: '2026-01-01T10:01:00.000Z', relief_applied: '2026-01-01T10:00:01.000Z' };
  const by = [{ who: 'Ana', what: 'acknowledge', at: steps.acknowledged }];
  const detected_at = '2026-01-01T09:59:40.000Z';
  expect(timelineOf(incident({ steps, by, detected_at }))).toMatchObject([
    { step: 'detected', afterMs: -20_000 },
    { step: 'opened', afterMs: 0 },
    { step: 'relief_applied', afterMs: 1000 },
    { step: 'acknowledged', afterMs: 60_000, by: 'Ana' },
  ]);
});

it('lists each fall of an incident with its own moments, and each acknowledgment', () => {
  const at = (minute: number): string => `2026-01-01T10:0${minute}:00.000Z`;
  const fall = (event_id: string, low: number, alarm: number, up: number) => ({
    event_id,
    first_low_at: at(low),
    alarm_at: at(alarm),
    reported_at: at(alarm),
    recovered_at: at(up),
  });
  const falls = [fall('one', 0, 1, 3), fall('two', 5, 6, 8)];
  const by = [
    { who: 'Ana', what: 'acknowledge', at: at(2) },
    { who: 'Eva', what: 'acknowledge', at: at(7) },
  ];
  const steps = { opened: at(1), acknowledged: at(2), recovered: at(8) };
  const seen = timelineOf(incident({ falls, by, steps, recovered_at: at(8) }));
  expect(seen.map(({ step, at: time, fall: n, by: who }) => [step, time, n ?? who])).toEqual([
    ['detected', at(0), 1],
    ['opened', at(1), 1],
    ['acknowledged', at(2), 'Ana'],
    ['recovered', at(3), 1],
    ['detected', at(5), 2],
    ['opened', at(6), 2],
    ['acknowledged', at(7), 'Eva'],
    ['recovered', at(8), 2],
  ]);
});

it('lists open incidents before closed ones, drills last', () => {
  const all = [
    incident({ incident_id: 'open' }),
    incident({ incident_id: 'drill', drill: true }),
    incident({ incident_id: 'taken', state: 'acknowledged' }),
    incident({ incident_id: 'old', state: 'closed' }),
  ];
  const { open, closed } = sortIncidents(all);
  expect(open.map((one) => one.incident_id)).toEqual(['open', 'taken', 'drill']);
  expect(closed.map((one) => one.incident_id)).toEqual(['old']);
});
