import {
  createTopics,
  type Incident,
  incidentSchema,
  parseTopic,
  type RoomState,
  roomStateSchema,
  type Status,
  statusSchema,
} from '@vigilia/protocol';
import type { Bus, Clock } from '@vigilia/service';

/** What the broker retains about the house at one moment. */
export interface Snapshot {
  readonly processors: readonly Status[];
  readonly rooms: readonly RoomState[];
  readonly incidents: readonly Incident[];
}

/** Gathers the retained statuses, rooms and incidents; the broker sends them at once after a subscription. */
export async function takeSnapshot(bus: Bus, clock: Clock, prefix: string, gatherMs = 600): Promise<Snapshot> {
  const topics = createTopics(prefix);
  const processors = new Map<string, Status>();
  const rooms = new Map<number, RoomState>();
  const incidents = new Map<string, Incident>();
  for (const filter of [topics.statusAny, topics.roomAny, topics.incidentAny]) {
    await bus.subscribe(filter, (message) => {
      if (message.payload.length === 0) return;
      const kind = parseTopic(prefix, message.topic)?.kind;
      const value = message.json();
      if (kind === 'status') keep(processors, statusSchema.safeParse(value), (status) => status.instance_id);
      if (kind === 'room') keep(rooms, roomStateSchema.safeParse(value), (room) => room.source_id);
      if (kind === 'incident') keep(incidents, incidentSchema.safeParse(value), (incident) => incident.incident_id);
    });
  }
  await clock.sleep(gatherMs);
  return {
    processors: [...processors.values()].sort((a, b) => a.instance_id.localeCompare(b.instance_id)),
    rooms: [...rooms.values()].sort((a, b) => a.source_id - b.source_id),
    incidents: [...incidents.values()].sort((a, b) => b.opened_at.localeCompare(a.opened_at)),
  };
}

function keep<K, V>(
  into: Map<K, V>,
  parsed: { success: true; data: V } | { success: false },
  key: (value: V) => K,
): void {
  if (parsed.success) into.set(key(parsed.data), parsed.data);
}
