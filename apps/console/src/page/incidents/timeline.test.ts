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
  ...change,
});

it('tells what happened in the order of time, and who did it', () => {
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
