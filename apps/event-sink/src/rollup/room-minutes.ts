import { UnwatchedMeter } from '@vigilia/protocol';
import type { SinkDocument } from '../documents/document.ts';
import { type DocumentContext, makeDocument } from '../documents/ecs.ts';
import type { SinkTopic } from '../documents/sink-topic.ts';
import { asInteger, asNumber, asRecord, asText, type Json } from '../schema/json-fields.ts';
import { RoomCauses } from './room-causes.ts';
import { UnansweredCalls } from './unanswered-calls.ts';

/** Wall clock for the minute something belongs to, monotonic for how long it took. */
export interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

interface Minute {
  frames: number;
  peopleMax: number;
  readonly watchers: Set<string>;
  /** For how long the room was expected to be watched. */
  observedMs: number;
  unwatchedLongestMs: number;
  /** By cause, ms. */
  readonly unwatched: Map<string, number>;
  readonly blind: Map<string, number>;
  skipped: number;
  inferenceMs: number;
}

interface Room {
  minute: Minute;
  /** As the desired state names it. */
  name: string | undefined;
  ward: string | undefined;
  /** How long it had been unwatched at the last look; the growth since then belongs to this minute. */
  excessMs: number;
  lastLookMs: number;
}

const newMinute = (): Minute => ({
  frames: 0,
  peopleMax: 0,
  watchers: new Set(),
  observedMs: 0,
  unwatchedLongestMs: 0,
  unwatched: new Map(),
  blind: new Map(),
  skipped: 0,
  inferenceMs: 0,
});

/**
 * Sums up each room's minute: frames, people, unwatched and blind time, skipped frames, how long its fall has been unacknowledged.
 * These few numbers are kept longer than the detections. A room is expected to be watched once a processor or the desired state names it. Reads no clock.
 */
export class RoomMinutes {
  readonly #bootId: string;
  readonly #calls = new UnansweredCalls();
  readonly #causes = new RoomCauses();
  readonly #meter = new UnwatchedMeter();
  readonly #rooms = new Map<number, Room>();
  readonly #watching = new Map<string, ReadonlySet<number>>();
  readonly #skippedBefore = new Map<string, number>();
  #desired: ReadonlySet<number> | undefined;
  #minuteStartMs: number | undefined;
  #isConnected = true;

  /** @param bootId of the sink: two of its lives within one minute give two documents, whose sum is right. */
  constructor(bootId: string) {
    this.#bootId = bootId;
  }

  /** One message, as it arrived; messages of no interest are passed over. */
  observe(parsed: SinkTopic, payload: Json, at: Moment): void {
    if (parsed.kind === 'detections') {
      this.#seen(parsed.sourceId, payload, at);
    } else if (parsed.kind === 'status') {
      this.#status(parsed.instanceId, payload, at);
    } else if (parsed.kind === 'orchestrator_rooms') {
      this.#desire(payload, at);
    } else if (parsed.kind === 'metrics') {
      this.#metrics(payload);
    } else if (parsed.kind === 'incident') {
      this.#calls.observe(parsed.incidentId, payload);
    } else if (parsed.kind === 'event') {
      this.#event(parsed.type, payload, at);
    }
  }

  /** Whether messages can arrive: time without them is the broker's or the sink's, not the rooms'. */
  setConnected(isConnected: boolean): void {
    this.#isConnected = isConnected;
  }

  /** Counts the time up to now, and gives the documents of a minute that is over. Call it every second or so. */
  tick(at: Moment, context: DocumentContext): SinkDocument[] {
    const startMs = Math.floor(at.wallMs / 60_000) * 60_000;
    const before = this.#minuteStartMs ?? startMs;
    this.#noteAll(at);
    this.#minuteStartMs = startMs;
    if (before === startMs) return [];
    return [...this.#rooms].map(([sourceId, room]) => {
      const document = this.#document(sourceId, room, before, context);
      room.minute = newMinute();
      return document;
    });
  }

  #seen(sourceId: number, payload: Json, at: Moment): void {
    const room = this.#expect(sourceId, asNumber(payload.fps), at);
    this.#noteTime(sourceId, at);
    this.#meter.seen(sourceId, at.monotonicMs);
    room.excessMs = 0;
    this.#causes.frameSeen(sourceId);
    const people = Array.isArray(payload.detections)
      ? payload.detections.filter((one) => asRecord(one)?.class_name === 'person').length
      : 0;
    const { minute } = room;
    minute.frames += 1;
    minute.peopleMax = Math.max(minute.peopleMax, people);
    minute.inferenceMs += asNumber(payload.inference_time_ms) ?? 0;
    const watcher = asText(payload.instance_id);
    if (watcher !== undefined) {
      minute.watchers.add(watcher);
    }
  }

  #status(instanceId: string, payload: Json, at: Moment): void {
    this.#noteAll(at);
    this.#causes.observeStatus(instanceId, payload);
    // a last will names no rooms: they stay expected, and become unwatched
    if (!Array.isArray(payload.streams)) return;
    const now = new Set<number>();
    for (const stream of payload.streams.map(asRecord)) {
      const sourceId = asInteger(stream?.source_id);
      const fps = asNumber(stream?.max_fps);
      if (sourceId === undefined || stream?.state === 'paused') continue;
      now.add(sourceId);
      this.#expect(sourceId, fps, at);
      if (fps !== undefined && fps > 0) {
        this.#meter.rate(instanceId, sourceId, fps);
      }
    }
    for (const gone of this.#watching.get(instanceId) ?? []) {
      if (now.has(gone)) continue;
      this.#meter.rate(instanceId, gone, undefined);
      this.#forgetUnlessNeeded(gone, instanceId);
    }
    this.#watching.set(instanceId, now);
  }

  #desire(payload: Json, at: Moment): void {
    const rooms = Object.entries(asRecord(payload.rooms) ?? {});
    for (const [id, desired] of rooms) {
      const fields = asRecord(desired);
      const room = this.#expect(Number(id), asNumber(fields?.max_fps), at);
      room.name = asText(fields?.name);
      room.ward = asText(fields?.ward);
    }
    const before = this.#desired;
    this.#desired = new Set(rooms.map(([id]) => Number(id)));
    for (const gone of before ?? []) {
      if (!this.#desired.has(gone)) {
        this.#forgetUnlessNeeded(gone, undefined);
      }
    }
  }

  #metrics(payload: Json): void {
    const [instanceId, bootId] = [asText(payload.instance_id), asText(payload.boot_id)];
    for (const entry of Array.isArray(payload.rooms) ? payload.rooms.map(asRecord) : []) {
      const sourceId = asInteger(entry?.source_id);
      const skipped = asNumber(entry?.skipped);
      if (sourceId === undefined || skipped === undefined) continue;
      const key = `${instanceId} ${bootId} ${sourceId}`;
      const before = this.#skippedBefore.get(key);
      this.#skippedBefore.set(key, skipped);
      const room = this.#rooms.get(sourceId);
      if (room !== undefined && before !== undefined) {
        room.minute.skipped += Math.max(0, skipped - before);
      }
    }
  }

  #event(type: string, payload: Json, at: Moment): void {
    const sourceId = asInteger(payload.source_id);
    const room = sourceId === undefined ? undefined : this.#rooms.get(sourceId);
    if (sourceId === undefined || room === undefined || (type !== 'room_blind' && type !== 'room_seen')) return;
    this.#noteTime(sourceId, at);
    this.#causes.observeEvent(type, sourceId, payload);
  }

  #expect(sourceId: number, fps: number | undefined, at: Moment): Room {
    const known = this.#rooms.get(sourceId);
    if (known !== undefined) return known;
    const room: Room = {
      minute: newMinute(),
      name: undefined,
      ward: undefined,
      excessMs: 0,
      lastLookMs: at.monotonicMs,
    };
    this.#rooms.set(sourceId, room);
    this.#meter.expect(sourceId, fps !== undefined && fps > 0 ? fps : 0.1, at.monotonicMs);
    return room;
  }

  #noteAll(at: Moment): void {
    for (const sourceId of this.#rooms.keys()) {
      this.#noteTime(sourceId, at);
    }
  }

  #noteTime(sourceId: number, at: Moment): void {
    const room = this.#rooms.get(sourceId);
    if (room === undefined) return;
    const { minute } = room;
    const excessMs = this.#meter.unwatchedMs(sourceId, at.monotonicMs);
    if (excessMs > room.excessMs) {
      const cause = this.#isConnected ? this.#causes.unwatched(sourceId) : 'broker_offline';
      addTo(minute.unwatched, cause, excessMs - room.excessMs);
    }
    minute.unwatchedLongestMs = Math.max(minute.unwatchedLongestMs, excessMs);
    room.excessMs = excessMs;
    const elapsedMs = Math.max(0, at.monotonicMs - room.lastLookMs);
    const blind = this.#causes.blind(sourceId);
    if (blind !== undefined && elapsedMs > 0) {
      addTo(minute.blind, blind, elapsedMs);
    }
    minute.observedMs += elapsedMs;
    room.lastLookMs = at.monotonicMs;
  }

  #forgetUnlessNeeded(sourceId: number, without: string | undefined): void {
    const isWatched = [...this.#watching].some(([instanceId, rooms]) => instanceId !== without && rooms.has(sourceId));
    if (isWatched || this.#desired?.has(sourceId) === true) return;
    this.#rooms.delete(sourceId);
    this.#meter.forget(sourceId);
  }

  #document(sourceId: number, room: Room, startMs: number, context: DocumentContext): SinkDocument {
    const { frames, peopleMax, watchers, observedMs, unwatchedLongestMs, skipped, inferenceMs } = room.minute;
    const { unwatched, blind } = room.minute;
    return makeDocument(
      {
        id: `minute:${sourceId}:${startMs / 60_000}:${this.#bootId}`,
        stream: 'metrics',
        priority: 'normal',
        timeMs: startMs,
        ecs: { event: { kind: 'metric', action: 'room_minute' }, service: { name: 'event-sink' } },
        own: {
          source_id: sourceId,
          room_name: room.name,
          ward: room.ward,
          minute: {
            frames,
            people_max: peopleMax,
            watchers: [...watchers].sort(),
            observed_ms: Math.round(observedMs),
            unwatched_ms: Math.round(sumOf(unwatched)),
            unwatched_by_cause: rounded(unwatched),
            unwatched_longest_ms: Math.round(unwatchedLongestMs),
            unacknowledged_ms: this.#calls.waitingMs(sourceId, startMs + 60_000),
            blind_ms: Math.round(sumOf(blind)),
            blind_by_cause: rounded(blind),
            skipped,
            inference_time_ms: frames === 0 ? undefined : inferenceMs / frames,
          },
        },
      },
      context,
    );
  }
}

function addTo(times: Map<string, number>, cause: string, ms: number): void {
  times.set(cause, (times.get(cause) ?? 0) + ms);
}

function sumOf(times: ReadonlyMap<string, number>): number {
  return [...times.values()].reduce((sum, ms) => sum + ms, 0);
}

function rounded(times: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...times].map(([cause, ms]) => [cause, Math.round(ms)]));
}
