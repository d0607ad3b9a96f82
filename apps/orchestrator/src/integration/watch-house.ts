import {
  createTopics,
  type DetectionsMessage,
  type Incident,
  incidentSchema,
  parseTopic,
  publishedAtMs,
  UnwatchedMeter,
} from '@vigilia/protocol';
import type { Bus, BusMessage } from '@vigilia/service';

/** What was seen of a site on MQTT so far. */
export interface Watched {
  readonly events: readonly { readonly type: string; readonly body: Record<string, unknown> }[];
  readonly commands: readonly Record<string, unknown>[];
  /** The last status of each processor that has one. */
  readonly statuses: ReadonlyMap<string, Record<string, unknown>>;
  /** Whether the orchestrator reports that it acts. */
  acting(): boolean;
  incidents(): Incident[];
  /** Living processors that have the room, by their statuses. */
  watchers(sourceId: number): string[];
  fps(name: string): Record<number, number>;
  /** Every detection message so far: whose, of which life, and when it was published (epoch ms). */
  readonly sightings: readonly Sighting[];
  /** Longest time each room was unwatched, by when detections were published: this test itself may be late. */
  unwatched(): Record<string, number>;
}

interface Sighting {
  readonly sourceId: number;
  readonly instanceId: string;
  readonly bootId: string;
  readonly atMs: number;
}

interface Stream {
  readonly source_id: number;
  readonly max_fps: number;
}

const topics = createTopics();
const now = (): number => Date.now();
const lastLevel = (message: BusMessage): string => message.topic.slice(message.topic.lastIndexOf('/') + 1);
const bodyOf = (message: BusMessage): Record<string, unknown> => message.json() as Record<string, unknown>;

/** Subscribes to everything a test wants to know. */
export async function watchHouse(bus: Bus): Promise<Watched> {
  const { statuses, meter, sightings } = await watchRooms(bus);
  const incidents = new Map<string, Incident>();
  const events: { type: string; body: Record<string, unknown> }[] = [];
  const commands: Record<string, unknown>[] = [];
  let orchestrator: Record<string, unknown> | undefined;
  await bus.subscribe(topics.orchestratorStatus, (message) => {
    orchestrator = bodyOf(message);
  });
  await bus.subscribe(topics.incidentAny, (message) => {
    if (message.payload.length === 0) return;
    const incident = incidentSchema.parse(message.json());
    incidents.set(incident.incident_id, incident);
  });
  await bus.subscribe(topics.commands, (message) => void commands.push(bodyOf(message)));
  await bus.subscribe(
    topics.eventAny,
    (message) => void events.push({ type: lastLevel(message), body: bodyOf(message) }),
  );
  const named = ([id, status]: [string, Record<string, unknown>], sourceId: number): string[] =>
    streamsOf(status).some((one) => one.source_id === sourceId) ? [id] : [];
  return {
    events,
    commands,
    statuses,
    sightings,
    acting: () => orchestrator?.status === 'acting',
    incidents: () => [...incidents.values()].sort((a, b) => a.opened_at.localeCompare(b.opened_at)),
    watchers: (sourceId) => [...statuses].flatMap((entry) => named(entry, sourceId)).sort(),
    fps: (name) => Object.fromEntries(streamsOf(statuses.get(name)).map((one) => [one.source_id, one.max_fps])),
    unwatched: () => meter.report(now()),
  };
}

async function watchRooms(
  bus: Bus,
): Promise<{ statuses: Map<string, Record<string, unknown>>; meter: UnwatchedMeter; sightings: Sighting[] }> {
  const statuses = new Map<string, Record<string, unknown>>();
  const meter = new UnwatchedMeter();
  const unheard = new Set<number>();
  await bus.subscribe(topics.statusAny, (message) => {
    const id = lastLevel(message);
    // the wildcard takes the shared copies of ACKs too
    if (parseTopic(message.topic, topics.roots)?.channel.name !== 'status') return;
    const before = streamsOf(statuses.get(id));
    if (message.payload.length === 0) {
      statuses.delete(id);
    } else {
      statuses.set(id, { ...statuses.get(id), ...bodyOf(message) });
    }
    for (const { source_id } of before) {
      meter.rate(id, source_id, undefined);
    }
    for (const { source_id, max_fps } of streamsOf(statuses.get(id))) {
      // how long the first start takes is not what is promised: a room's time begins with its first detection
      if (meter.report(0)[String(source_id)] === undefined) {
        unheard.add(source_id);
      }
      meter.expect(source_id, max_fps, now());
      meter.rate(id, source_id, max_fps);
    }
  });
  const sightings: Sighting[] = [];
  const seen = (message: BusMessage): void => {
    const body = message.json() as DetectionsMessage;
    const { source_id: sourceId, instance_id: instanceId, boot_id: bootId } = body;
    const atMs = publishedAtMs(body);
    sightings.push({ sourceId, instanceId, bootId, atMs });
    // what was published while this test, or the publisher, was not connected was not received
    if (unheard.delete(sourceId)) {
      meter.connected(atMs);
    }
    meter.seen(sourceId, atMs);
  };
  await bus.subscribe(topics.detectionsAny, seen, { qos: 0 });
  bus.onConnect(() => {
    for (const room of Object.keys(meter.report(now()))) {
      unheard.add(Number(room));
    }
    meter.connected(now());
  });
  return { statuses, meter, sightings };
}

function streamsOf(status: Record<string, unknown> | undefined): Stream[] {
  if (status === undefined || status.status === 'offline') return [];
  return (status.streams as Stream[] | undefined) ?? [];
}
