import { type DetectionPayload, type Incident, incidentSchema, type Verdict, type Zone } from '@vigilia/protocol';

/** A standing person in the middle of a 1280 × 720 picture. */
export const standing: DetectionPayload = {
  class_name: 'person',
  confidence: 0.82,
  bbox: { x: 500, y: 380, width: 120, height: 330 },
  tracker_id: 1,
  posture: 'up',
};
export const lying: DetectionPayload = {
  class_name: 'person',
  confidence: 0.74,
  bbox: { x: 760, y: 560, width: 330, height: 110 },
  tracker_id: 1,
  posture: 'low',
};

export const bedZone: Zone = {
  kind: 'bed',
  points: [
    [0.31, 0.38],
    [0.6, 0.38],
    [0.6, 0.6],
    [0.31, 0.6],
  ],
};

export interface FakeRoom {
  readonly name: string;
  readonly home: string;
}

/** Rooms 0 to n − 1, half of them watched by each of two homes. */
export function fakeRooms(count: number, names: readonly string[] = []): Map<number, FakeRoom> {
  const home = (id: number): string => (id < count / 2 ? 'processor-a' : 'processor-b');
  return new Map(
    Array.from({ length: count }, (_, id) => [id, { name: names[id] ?? `Room ${id} · test`, home: home(id) }] as const),
  );
}

/** An incident after a person's request. */
export function afterRequest(
  incident: Incident,
  command: string,
  { by = 'somebody', outcome = 'unknown', cause, note }: Partial<Verdict>,
): Incident {
  const at = now();
  const signed = [...incident.by, { who: by, what: command, at }];
  if (command === 'acknowledge') {
    const steps = { ...incident.steps, acknowledged: at };
    return { ...incident, state: 'acknowledged', acknowledged_at: at, by: signed, steps };
  }
  if (command === 'undo_verdict') {
    const { verdict, outcome: _, closed_at: __, ...before } = incident;
    return { ...before, state: verdict?.before ?? 'open', by: signed };
  }
  const steps = { ...incident.steps, resolved: at, closed: at };
  const given = incidentSchema.shape.verdict.parse({ outcome, cause, note, by, at, before: incident.state });
  return { ...incident, state: 'closed', outcome, verdict: given, closed_at: at, by: signed, steps };
}

/** An incident that has just been opened. */
export function freshIncident(
  { incident_id, source_id }: Pick<Incident, 'incident_id' | 'source_id'>,
  room: FakeRoom | undefined,
): Incident {
  const at = now();
  return {
    incident_id,
    source_id,
    ...(room === undefined ? {} : { room_name: room.name }),
    state: 'open',
    drill: false,
    degraded: false,
    by: [],
    home: room?.home ?? 'processor-a',
    watched_by: room?.home ?? 'processor-a',
    steps: { opened: at },
    durations_ms: {},
    overrides: [],
    attempts: { spawn: 0 },
    event_ids: [`event-${incident_id}`],
    opened_at: at,
    updated_at: at,
    trace_id: `trace-${incident_id}`,
  };
}

/** A watched room in a processor's status. */
export function stream(id: number, model_id: string, max_fps: number) {
  const settings = { model_id, max_fps, confidence: 0.3, tracking: true, decode: 'auto' as const };
  return {
    source_id: id,
    uri: `rtsp://cameras:8554/${id}`,
    ...settings,
    state: 'watching' as const,
    zones_configured: true,
  };
}

export function now(): string {
  return new Date().toISOString();
}
