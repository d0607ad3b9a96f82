import { type Incident, incidentSchema, type StreamStatus, type Verdict, type Zone } from '@vigilia/protocol';
import { makeIncident, makePerson, makeStream } from '@vigilia/simulated-site';

export const standing = makePerson({ tracker_id: 1 });
export const lying = makePerson({
  bbox: { x: 760, y: 560, width: 330, height: 110 },
  tracker_id: 1,
  posture: 'low',
});

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
  readonly ward?: string;
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
  const home = room?.home ?? 'processor-a';
  const ids = { incident_id, event_ids: [`event-${incident_id}`], trace_id: `trace-${incident_id}` };
  const incident = makeIncident({ home, sourceId: source_id, at: now() }, ids);
  return room === undefined ? incident : { ...incident, room_name: room.name };
}

/** A watched room in a processor's status. */
export function stream(id: number, model_id: string, max_fps: number): StreamStatus {
  return makeStream(id, { model_id, max_fps });
}

export function now(): string {
  return new Date().toISOString();
}
