import { emptyHouse, fold, type House, type HouseMessage } from '@vigilia/house';
import type { Incident, Status } from '@vigilia/protocol';
import { makeDetections, makeIncident, makePerson, makeStatus, makeStream } from '@vigilia/simulated-site';

export const startMs = Date.parse('2026-01-01T10:00:00.000Z');
export const at = (ms: number): string => new Date(startMs + ms).toISOString();

export const connected: HouseMessage = { kind: 'connected' };

export function incident(change: Partial<Incident> = {}): Incident {
  const own = { incident_id: 'inc-1', room_name: 'Mrs C', steps: {}, trace_id: 't' };
  return makeIncident({ home: 'a', sourceId: 2, at: at(0) }, { ...own, ...change });
}

export const acknowledged = (by = 'Ana'): Partial<Incident> => ({
  state: 'acknowledged',
  acknowledged_at: at(60_000),
  by: [{ who: by, what: 'acknowledge', at: at(60_000) }],
});

export const closed = (by = 'Ana'): Partial<Incident> => ({
  state: 'closed',
  outcome: 'helped',
  acknowledged_at: at(60_000),
  closed_at: at(90_000),
  by: [
    { who: by, what: 'acknowledge', at: at(60_000) },
    { who: by, what: 'resolve', at: at(90_000) },
  ],
});

export const incidentMessage = (body: Incident): HouseMessage => ({
  kind: 'incident',
  incidentId: body.incident_id,
  incident: body,
});

const sender = { instanceId: 'processor-a', bootId: 'b1', at: at(0) };

/** A processor that monitors room 2 at 0.1 frames per second. */
export function status(change: Partial<Status> = {}): Status {
  return makeStatus(sender, { streams: [makeStream(2, { zones_configured: false })], ...change });
}

export const statusMessage = (body: Status): HouseMessage => ({
  kind: 'status',
  instanceId: body.instance_id,
  status: body,
});

export const detectionsMessage = (people = 0): HouseMessage => ({
  kind: 'detections',
  detections: makeDetections(sender, 2, { detections: Array.from({ length: people }, () => makePerson()) }),
});

/** Messages at their times (ms after the start), folded. */
export function houseOf(...messages: readonly (readonly [number, HouseMessage])[]): House {
  return messages.reduce((before: House, [ms, one]) => fold(before, one, startMs + ms), emptyHouse(startMs));
}
