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
      observed_ms: 60_000,
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

  describe('name the cause of unwatched and blind time:', () => {
    const causes = (house: House, n = 0) => [house.minute(n).unwatched_by_cause, house.minute(n).blind_by_cause];

    it('a processor that is offline', () => {
      const house = new House();
      house.watch([3]);
      house.pass(30, () => house.frame(3));
      house.send(topics.status('a'), { status: 'offline' });
      house.pass(30);
      expect(causes(house)).toEqual([{ processor_offline: 27_500 }, undefined]);
    });

    it('a room of the desired state that no processor lists', () => {
      const house = new House();
      house.send(topics.orchestratorRooms, { rooms: { 3: { home: 'a', max_fps: 1, name: 'Blue', ward: '2' } } });
      house.pass(60);
      expect(causes(house)[0]).toEqual({ no_processor: expect.any(Number) });
      expect(house.documents[0]?.vigilia).toMatchObject({ room_name: 'Blue', ward: '2' });
    });

    it('a camera that sends nothing, also for the time without results', () => {
      const house = new House();
      house.watch([3]);
      house.pass(10, () => house.frame(3));
      house.send(topics.event('room_blind'), { source_id: 3, reason: 'silent' });
      house.pass(50);
      expect(causes(house)).toEqual([{ silent: 47_500 }, { silent: 50_000 }]);
    });

    it('a covered lens, although frames keep coming', () => {
      const house = new House();
      house.watch([3]);
      house.pass(10, () => house.frame(3));
      house.send(topics.event('room_blind'), { source_id: 3, reason: 'covered' });
      house.pass(50, () => house.frame(3));
      expect(causes(house)).toEqual([undefined, { covered: 50_000 }]);
    });

    it('a connection of the sink that was lost, which no camera is blamed for', () => {
      const house = new House();
      house.watch([3]);
      house.pass(10, () => house.frame(3));
      house.minutes.setConnected(false);
      house.pass(50);
      expect(causes(house)[0]).toEqual({ broker_offline: 47_500 });
    });

    it('a processor that is paused, until it runs again', () => {
      const house = new House();
      house.watch([3]);
      house.pass(10, () => house.frame(3));
      house.send(topics.status('a'), { status: 'paused' });
      house.pass(50);
      expect(causes(house)[0]).toEqual({ paused: 47_500 });
      house.send(topics.status('a'), { status: 'running' });
      house.pass(60);
      expect(causes(house, 1)[0]).toEqual({ no_results: 60_000 });
    });

    it('a processor that runs and sends no results', () => {
      const house = new House();
      house.watch([3]);
      house.pass(10, () => house.frame(3));
      house.pass(50);
      expect(causes(house)[0]).toEqual({ no_results: 47_500 });
    });
  });
});
