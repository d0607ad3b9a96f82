import {
  createTopics,
  detectionsSchema,
  type Incident,
  incidentSchema,
  publishedAtMs,
  type Status,
  statusSchema,
  UnwatchedMeter,
} from '@vigilia/protocol';
import type { Bus, BusMessage } from '@vigilia/service';
import { eventually } from '@vigilia/testing';

const topics = createTopics('nvr');

/**
 * What an operator sees of the site, and how long each room was unwatched (docs/architecture.md#unwatched-rooms): the time between
 * detection messages by the clock that all containers share with this test. The time of their arrival shows how busy the test was.
 */
export class Observer {
  readonly statuses = new Map<string, Status>();
  readonly incidents = new Map<string, Incident>();
  /** Room → instance that last sent detections of it, and how many messages there were of each. */
  readonly watchedBy = new Map<number, string>();
  readonly counts = new Map<string, number>();
  /** Room → size of its last picture. */
  readonly pictures = new Map<number, string>();
  readonly #meter = new UnwatchedMeter();
  /** Each time that a room was alone for longer than ever before: whose message ended it, and what came before. */
  readonly gaps: string[] = [];
  readonly #last = new Map<number, string>();
  readonly #sightings: { readonly room: number; readonly bootId: string; readonly atMs: number }[] = [];

  async start(bus: Bus): Promise<void> {
    await bus.subscribe(topics.statusAny, (message) => this.#status(message));
    await bus.subscribe(topics.incidentAny, (message) => this.#incident(message));
    await bus.subscribe(topics.detectionsAny, (message) => this.#detections(message), { qos: 0 });
  }

  /** Longest time that each room was unwatched, ms. */
  unwatched(): Record<string, number> {
    return this.#meter.report(Date.now());
  }

  /** Waits until each of these rooms was seen by this processor at least once from now on. */
  async seenBy(instanceId: string, rooms: readonly number[], timeoutMs: number): Promise<void> {
    const key = (room: number) => `${instanceId}/${room}`;
    const before = rooms.map((room) => this.counts.get(key(room)) ?? 0);
    await eventually(
      () => {
        const missing = rooms.filter((room, index) => (this.counts.get(key(room)) ?? 0) <= (before[index] ?? 0));
        if (missing.length > 0) throw new Error(`rooms ${missing.join()} were not seen`);
      },
      { timeoutMs, message: `detections by ${instanceId}` },
    );
  }

  /** When another life than this one first published a detection of the room after `sinceMs`; epoch ms. */
  seenByAnother(room: number, bootId: string, sinceMs: number, timeoutMs: number): Promise<number> {
    const look = () => {
      const found = this.#sightings.find((one) => one.room === room && one.bootId !== bootId && one.atMs > sinceMs);
      if (found === undefined) throw new Error(`room ${room} was not seen by another processor`);
      return found.atMs;
    };
    return eventually(look, { timeoutMs, message: 'another processor' });
  }

  /** The incident of a room that is not closed, or the last one that was. */
  incidentOf(room: number): Incident | undefined {
    const all = [...this.incidents.values()].filter(({ source_id }) => source_id === room);
    return all.find(({ state }) => state !== 'closed') ?? all.at(-1);
  }

  openIncidentOf(room: number): Incident | undefined {
    const incident = this.incidentOf(room);
    return incident?.state === 'closed' ? undefined : incident;
  }

  /** Room → rate, as the processor reports it. */
  ratesOf(instanceId: string): Record<number, number> {
    const streams = this.statuses.get(instanceId)?.streams ?? [];
    return Object.fromEntries(streams.map(({ source_id, max_fps }) => [source_id, max_fps]));
  }

  #status({ topic, payload }: BusMessage): void {
    const instanceId = topic.split('/').at(-1) ?? '';
    if (instanceId === 'ack') return;
    const before = this.statuses.get(instanceId)?.streams ?? [];
    const status = payload.length === 0 ? undefined : statusSchema.parse(JSON.parse(payload.toString()));
    if (status === undefined) {
      this.statuses.delete(instanceId);
    } else {
      this.statuses.set(instanceId, status);
    }
    for (const { source_id } of before) {
      this.#meter.rate(instanceId, source_id, undefined);
    }
    for (const { source_id, max_fps } of status?.streams ?? []) {
      this.#meter.expect(source_id, max_fps, Date.now());
      this.#meter.rate(instanceId, source_id, max_fps);
    }
  }

  #incident({ payload }: BusMessage): void {
    if (payload.length === 0) return;
    const incident = incidentSchema.parse(JSON.parse(payload.toString()));
    this.incidents.set(incident.incident_id, incident);
  }

  #detections({ payload }: BusMessage): void {
    const message = detectionsSchema.parse(JSON.parse(payload.toString()));
    const { source_id: room, instance_id: instanceId, image } = message;
    const key = `${instanceId}/${room}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    this.watchedBy.set(room, instanceId);
    if (image !== undefined) {
      this.pictures.set(room, `${image.width}x${image.height}`);
    }
    const atMs = publishedAtMs(message);
    this.#sightings.push({ room, bootId: message.boot_id, atMs });
    const before = this.#meter.longestMs(room, 0);
    this.#meter.seen(room, atMs);
    const longestMs = this.#meter.longestMs(room, 0);
    const sighting = `${instanceId} frame ${message.frame_id}, ${message.timestamp} + ${Math.round(message.latency_ms)} ms`;
    if (longestMs > before) {
      this.gaps.push(
        `room ${room}, ${Math.round(longestMs)} ms: ${this.#last.get(room)}; then ${sighting}, ` +
          `${Math.round(Date.now() - atMs)} ms on its way`,
      );
    }
    this.#last.set(room, sighting);
  }
}
