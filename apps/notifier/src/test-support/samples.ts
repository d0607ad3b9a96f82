import { emptyHouse, fold, type House, type HouseMessage } from '@vigilia/house';
import type { Incident, Status } from '@vigilia/protocol';

export const startMs = Date.parse('2026-01-01T10:00:00.000Z');
export const at = (ms: number): string => new Date(startMs + ms).toISOString();

export const connected: HouseMessage = { kind: 'connected' };

export function incident(change: Partial<Incident> = {}): Incident {
  return {
    incident_id: 'inc-1',
    source_id: 2,
    room_name: 'Mrs C',
    state: 'open',
    drill: false,
    degraded: false,
    by: [],
    home: 'a',
    watched_by: 'a',
    steps: {},
    durations_ms: {},
    overrides: [],
    attempts: { spawn: 0 },
    event_ids: [],
    opened_at: at(0),
    updated_at: at(0),
    trace_id: 't',
    ...change,
  };
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

/** A processor that monitors room 2 at 0.1 frames per second. */
export function status(change: Partial<Status> = {}): Status {
  return {
    instance_id: 'processor-a',
    client_id: 'processor-a',
    boot_id: 'b1',
    role: 'home',
    status: 'running',
    timestamp: at(0),
    streams: [
      {
        source_id: 2,
        uri: 'rtsp://cameras/2',
        model_id: 'light',
        max_fps: 0.1,
        confidence: 0.3,
        tracking: true,
        decode: 'auto',
        state: 'watching',
        zones_configured: false,
      },
    ],
    ...change,
  };
}

export const statusMessage = (body: Status): HouseMessage => ({
  kind: 'status',
  instanceId: body.instance_id,
  status: body,
});

export const detectionsMessage = (people = 0): HouseMessage => ({
  kind: 'detections',
  detections: {
    instance_id: 'processor-a',
    boot_id: 'b1',
    source_id: 2,
    frame_id: 1,
    timestamp: at(0),
    model_id: 'light',
    inference_time_ms: 10,
    latency_ms: 20,
    fps: 0.1,
    detections: Array.from({ length: people }, () => ({
      class_name: 'person',
      confidence: 0.9,
      bbox: { x: 1, y: 1, width: 1, height: 1 },
    })),
  },
});

/** Messages at their times (ms after the start), folded. */
export function houseOf(...messages: readonly (readonly [number, HouseMessage])[]): House {
  return messages.reduce((before: House, [ms, one]) => fold(before, one, startMs + ms), emptyHouse(startMs));
}
