import type { Incident } from '@vigilia/protocol';
import { KnownIncidents } from './known-incidents.ts';

const opened = '2026-01-01T00:00:00.000Z';
const incident: Incident = {
  incident_id: 'i',
  source_id: 2,
  state: 'open',
  drill: false,
  degraded: false,
  by: [],
  home: 'a',
  watched_by: 'a',
  steps: { opened },
  durations_ms: {},
  overrides: [],
  attempts: { spawn: 0 },
  event_ids: [],
  opened_at: opened,
  updated_at: opened,
  trace_id: 't',
};

describe('the times of an incident', () => {
  it('found on the broker are placed by the wall clock, once', () => {
    const known = new KnownIncidents();
    known.load(incident, { wallMs: Date.parse(opened) + 5000, monoMs: 100_000 });
    expect(known.all.get('i')?.anchors.get(opened)).toBe(95_000);
  });

  it('never lie in the future, when the wall clock went back', () => {
    const known = new KnownIncidents();
    known.load(incident, { wallMs: Date.parse(opened) - 3_600_000, monoMs: 100_000 });
    expect(known.all.get('i')?.anchors.get(opened)).toBe(100_000);
  });

  it('stay where they are when the wall clock jumps in between', () => {
    const known = new KnownIncidents();
    known.put(incident, { wallMs: Date.parse(opened), monoMs: 1000 });
    known.put({ ...incident, updated_at: '2025-01-01T00:00:00.000Z' }, { wallMs: 0, monoMs: 9000 });
    expect(known.all.get('i')?.anchors.get(opened)).toBe(1000);
    expect(known.all.get('i')?.anchors.get('2025-01-01T00:00:00.000Z')).toBe(9000);
  });

  it('are not overwritten by what the broker kept', () => {
    const known = new KnownIncidents();
    known.put({ ...incident, state: 'closed' }, { wallMs: 0, monoMs: 0 });
    known.load(incident, { wallMs: 0, monoMs: 0 });
    expect(known.all.get('i')?.incident.state).toBe('closed');
  });
});
