import { createTopics, parseTopic } from '@vigilia/protocol';
import { sinkTopic } from '../documents/sink-topic.ts';
import type { Json } from '../schema/json-fields.ts';
import { RoomMinutes } from './room-minutes.ts';

const topics = createTopics();
const START = Date.UTC(2026, 2, 1, 10, 0, 0);
const context = { receivedAtMs: START, namespace: 'x', localHour: () => 10 };

class House {
  readonly minutes = new RoomMinutes('boot');
  readonly documents: Json[] = [];
  #ms = 0;

  send(topic: string, payload: Json): void {
    const found = parseTopic(topic, topics.roots);
    const parsed = found && sinkTopic(found.channel.name, found.places);
    if (parsed === undefined) throw new Error(topic);
    this.minutes.observe(parsed, payload, this.#now());
  }
  frame(room: number, people = 0): void {
    const detections = Array.from({ length: people }, () => ({ class_name: 'person' }));
    this.send(topics.detections(room), { instance_id: 'a', fps: 1, inference_time_ms: 80, detections });
  }
  watch(rooms: readonly number[], fps = 1): void {
    this.send(topics.status('a'), {
      streams: rooms.map((source_id) => ({ source_id, max_fps: fps, state: 'watching' })),
    });
  }
  pass(seconds: number, each: () => void = () => undefined): void {
    for (let n = 0; n < seconds; n += 1) {
      this.#ms += 1000;
      each();
      this.documents.push(...this.minutes.tick(this.#now(), context).map(({ body }) => body));
    }
  }
  minute(n: number): Json {
    return ((this.documents[n]?.vigilia as Json | undefined)?.minute as Json | undefined) ?? {};
  }
  #now() {
    return { wallMs: START + this.#ms, monotonicMs: this.#ms };
  }
}

describe('the minutes of a room', () => {
  it('count frames and people, and no unwatched time while frames come', () => {
    const house = new House();
    house.watch([3]);
    house.pass(60, () => house.frame(3, 2));
    expect(house.documents).toHaveLength(1);
    expect(house.documents[0]).toMatchObject({
      '@timestamp': new Date(START).toISOString(),
      event: { id: `minute:3:${START / 60_000}:boot` },
    });
    expect(house.minute(0)).toEqual({
      frames: 60,
      people_max: 2,
      watchers: ['a'],
      unwatched_ms: 0,
      unwatched_longest_ms: 0,
      unacknowledged_ms: 0,
      blind_ms: 0,
      skipped: 0,
      inference_time_ms: 80,
    });
  });

  it('count as unwatched what is beyond one and a half intervals and a second', () => {
    const house = new House();
    house.watch([3]);
    house.pass(20, () => house.frame(3));
    house.pass(40);
    expect(house.minute(0).unwatched_ms).toBe(37_500);
    house.pass(30);
    house.frame(3);
    house.pass(30, () => house.frame(3));
    expect(house.minute(1).unwatched_ms).toBe(30_000);
    expect([0, 1].map((n) => house.minute(n).unwatched_longest_ms)).toEqual([37_500, 67_500]);
  });

  it('go on expecting a room whose processor died, not one that it let go', () => {
    const house = new House();
    house.watch([3, 4]);
    house.pass(30, () => [3, 4].map((room) => house.frame(room)));
    house.watch([3]);
    house.send(topics.status('a'), { status: 'offline' });
    house.pass(30);
    expect(house.documents).toHaveLength(1);
    expect(house.minute(0).unwatched_ms).toBe(27_500);
  });

  it('contain how long a fall has been unacknowledged, whichever sensor detected it; a drill never counts', () => {
    const house = new House();
    house.watch([3, 4], 0.1);
    const openedMs = START + 20_000;
    const incident = (id: string, more: Json) =>
      house.send(topics.incident(id), {
        state: 'open',
        source_id: 3,
        opened_at: new Date(openedMs).toISOString(),
        ...more,
      });
    house.pass(20);
    incident('inc-1', {});
    incident('inc-2', { source_id: 4, drill: true });
    house.pass(100);
    incident('inc-1', { state: 'acknowledged', acknowledged_at: new Date(openedMs + 100_000).toISOString() });
    house.pass(60);
    const waits = (room: number) =>
      house.documents
        .map(({ vigilia }) => vigilia as { source_id: number; minute: Json })
        .filter(({ source_id }) => source_id === room)
        .map(({ minute }) => minute.unacknowledged_ms);
    // the message at the end of the second minute came before that minute was written
    expect(waits(3)).toEqual([40_000, 100_000, 0]);
    expect(waits(4)).toEqual([0, 0, 0]);
  });

  it('count blind time between the room’s events, and skipped frames from the processors’ totals', () => {
    const house = new House();
    house.watch([3], 0.1);
    const metrics = (skipped: number) =>
      house.send(topics.metrics('a'), { instance_id: 'a', boot_id: 'b', rooms: [{ source_id: 3, skipped }] });
    metrics(100);
    house.pass(10);
    house.send(topics.event('room_blind'), { source_id: 3 });
    house.pass(20);
    house.send(topics.event('room_seen'), { source_id: 3 });
    metrics(107);
    house.pass(30);
    expect(house.minute(0)).toMatchObject({ blind_ms: 20_000, skipped: 7 });
  });
});
