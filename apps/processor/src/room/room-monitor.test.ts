import { detectionsSchema, roomStateSchema } from '@vigilia/protocol';
import { ModelHostError } from '../model/model-host-error.ts';
import { FakeModel, FakeStream, monitoredRoom, person, settings } from '../test-support/fake-room.ts';

const frameOf = (message: { timestamp: string }): string => message.timestamp;

test('every analysed frame is one message, also of an empty room', async () => {
  const { clock, stream, messages } = monitoredRoom();
  stream.film(500, 5000);
  await clock.advance(5000);
  expect(messages.length).toBe(5);
  expect(messages.map((message) => message.frame_id)).toEqual([1, 2, 3, 4, 5]);
  for (const message of messages) {
    expect(detectionsSchema.safeParse(message).success).toBe(true);
    expect(message).toMatchObject({ source_id: 2, instance_id: 'processor-a', boot_id: 'boot', model_id: 'model-a' });
    expect(message.detections).toEqual([]);
  }
  expect(messages[0]).toMatchObject({ latency_ms: 100, inference_time_ms: 100, image: { width: 640, height: 360 } });
});

test('each analysed frame is kept for a replay with its own time, people and zones', async () => {
  const { clock, stream, messages, observed, model } = monitoredRoom();
  model.finds = [person(60, 170)];
  stream.film(500, 3000);
  await clock.advance(3000);
  expect(observed).toHaveLength(messages.length);
  expect(observed[0]).toMatchObject({ sourceId: 2, modelId: 'model-a', frame: { width: 640, height: 360 }, zones: [] });
  expect(observed.map(({ detections }) => detections)).toEqual(messages.map(({ detections }) => detections));
  expect(observed.map(({ atMs }) => atMs)).toEqual(messages.map(({ timestamp }) => Date.parse(timestamp)));
});

test('no frame has two results, however often the room is due', async () => {
  const { clock, stream, messages, monitor } = monitoredRoom();
  stream.show();
  await clock.advance(500);
  for (let i = 0; i < 5; i++) {
    monitor.dueNow();
    await clock.advance(500);
  }
  expect(messages).toHaveLength(1);
});

test('a result of the old configuration that comes after a switch is dropped; its frame is analysed by the new one', async () => {
  const { clock, stream, messages, model, monitor } = monitoredRoom();
  const next = new FakeModel(clock, 'model-b');
  stream.show();
  await clock.advance(50);
  monitor.switchTo({ model: next });
  monitor.dueNow();
  await clock.advance(1000);
  expect(model.asked).toHaveLength(1);
  expect(messages.map((message) => message.model_id)).toEqual(['model-b']);
});

test('a frame that already has its result is not analysed again by the new configuration', async () => {
  const { clock, stream, messages, monitor } = monitoredRoom();
  stream.show();
  await clock.advance(500);
  monitor.switchTo({ model: new FakeModel(clock, 'model-b') });
  monitor.dueNow();
  await clock.advance(500);
  expect(messages).toHaveLength(1);
  stream.show();
  await clock.advance(500);
  expect(messages.map((message) => message.model_id)).toEqual(['model-a', 'model-b']);
  expect(new Set(messages.map(frameOf)).size).toBe(2);
});

test.each([
  [
    'shows every second frame mirrored to a model that finds people better on one side',
    true,
    [false, true, false, true],
  ],
  ['shows no frame mirrored to any other model', false, [false, false, false, false]],
])('%s', async (_, mirrorsEverySecondFrame, expected) => {
  const { clock, stream, model } = monitoredRoom();
  model.description = { ...model.description, mirrorsEverySecondFrame };
  stream.film(1000, 3000);
  await clock.advance(3900);
  expect(model.asked.map(({ mirrored }) => mirrored)).toEqual(expected);
});

test('from a switch on only the new stream is watched', async () => {
  const { clock, stream, messages, monitor } = monitoredRoom();
  const next = new FakeStream(clock, { decode: 'full' });
  stream.show();
  await clock.advance(2000);
  next.show();
  monitor.switchTo({ stream: next });
  monitor.dueNow();
  stream.show();
  await clock.advance(1500);
  expect(messages).toHaveLength(2);
  stream.show();
  await clock.advance(3000);
  expect(messages).toHaveLength(2);
  expect(monitor.stream).toBe(next);
});

test('stream and model change together: the new model never gets a frame of the old stream', async () => {
  const { clock, stream, model, monitor } = monitoredRoom();
  const next = { stream: new FakeStream(clock, { width: 64 }), model: new FakeModel(clock, 'model-b') };
  stream.show();
  await clock.advance(500);
  stream.show();
  next.stream.show();
  monitor.switchTo(next);
  await clock.advance(500);
  expect(next.model.asked.map(({ frame }) => frame.width)).toEqual([64]);
  expect(model.asked.map(({ frame }) => frame.width)).toEqual([32]);
});

test('another rate alone drops nothing in flight and holds at once', async () => {
  const { clock, stream, messages, monitor } = monitoredRoom();
  stream.film(100, 10_000);
  await clock.advance(50);
  monitor.switchTo({ settings: { ...settings, maxFps: 5 } });
  await clock.advance(2000);
  expect(messages.length).toBeGreaterThanOrEqual(9);
  expect(messages.length).toBeLessThanOrEqual(11);
});

test('a room that is due at once has a frame made at once: after a change, after a pause and with another model', () => {
  const { clock, stream, monitor } = monitoredRoom();
  const before = stream.wantedNow;
  monitor.dueNow();
  expect(stream.wantedNow).toBe(before + 1);
  monitor.pause();
  monitor.resume();
  expect(stream.wantedNow).toBe(before + 2);
  const next = new FakeStream(clock);
  monitor.switchTo({ stream: next });
  monitor.dueNow();
  expect(next.wantedNow).toBe(1);
});

test('the stream knows how often a frame is wanted, also after another rate and another stream', () => {
  const { clock, stream, monitor } = monitoredRoom();
  expect(stream.wantedMs).toBe(1000 / settings.maxFps);
  monitor.switchTo({ settings: { ...settings, maxFps: 5 } });
  expect(stream.wantedMs).toBe(200);
  const next = new FakeStream(clock);
  monitor.switchTo({ stream: next });
  expect(next.wantedMs).toBe(200);
});

test('another confidence: what is in flight was asked for the old one and is not published', async () => {
  const { clock, stream, model, messages, monitor } = monitoredRoom();
  model.finds = [person(60, 150, { confidence: 0.5 })];
  stream.show();
  await clock.advance(50);
  monitor.switchTo({ settings: { ...settings, confidence: 0.9, tracking: false } });
  monitor.dueNow();
  await clock.advance(2000);
  expect(messages).toHaveLength(1);
  expect(model.asked).toHaveLength(2);
});

test('paused: nothing is analysed and nothing comes late; resumed: at once', async () => {
  const { clock, stream, messages, monitor } = monitoredRoom();
  stream.film(500, 20_000);
  await clock.advance(50);
  monitor.pause();
  await clock.advance(5000);
  expect(messages).toHaveLength(0);
  monitor.resume();
  await clock.advance(150);
  expect(messages).toHaveLength(1);
});

test('frame_id counts on when a room is taken again in the same life', async () => {
  const { clock, stream, messages, monitor, startAnother } = monitoredRoom();
  stream.show();
  await clock.advance(500);
  await monitor.stop();
  startAnother();
  stream.show();
  await clock.advance(500);
  expect(messages.map((message) => message.frame_id)).toEqual([1, 2]);
});

test('a lost frame is reported and the room goes on', async () => {
  const { clock, stream, model, messages, lines } = monitoredRoom();
  model.failure = new Error('the host died');
  stream.film(500, 5000);
  await clock.advance(1000);
  model.failure = undefined;
  await clock.advance(2000);
  expect(lines.some((line) => line.event === 'frame_lost' && line.source_id === 2)).toBe(true);
  expect(messages.length).toBeGreaterThanOrEqual(1);
});

test('a blind room is reported once and analysed no more; seeing again is reported too', async () => {
  const { clock, stream, messages, events, states, monitor } = monitoredRoom();
  stream.show();
  await clock.advance(1000);
  stream.setBlind('silent');
  stream.setBlind('unreachable');
  stream.show();
  await clock.advance(5000);
  expect(events.map((event) => event.event)).toEqual(['room_blind']);
  expect(states.at(-1)?.blind_since).toBeDefined();
  expect(messages).toHaveLength(1);
  stream.setBlind(undefined);
  stream.show();
  await clock.advance(1000);
  expect(events.map((event) => event.event)).toEqual(['room_blind', 'room_seen']);
  expect(states.at(-1)).not.toHaveProperty('blind_since');
  expect(messages).toHaveLength(2);
  expect(monitor.counters().blindMs).toMatchObject({ unreachable: 5000 });
});

test('a room whose picture shows nothing for a minute is reported blind, is still analysed, and seen again when it clears', async () => {
  const { clock, stream, messages, events, states, monitor } = monitoredRoom();
  stream.shows = new Uint8Array(32 * 32 * 3).fill(5);
  stream.film(2000, 58_000);
  await clock.advance(59_000);
  expect(events).toEqual([]);
  stream.film(2000, 10_000);
  await clock.advance(10_000);
  expect(events).toMatchObject([{ event: 'room_blind', reason: 'dark', severity: 'warning' }]);
  expect(events[0]?.detail).toMatch(/infrared/);
  expect(monitor.blind()?.cause).toBe('dark');
  expect(states.at(-1)?.blind_since).toBeDefined();
  expect(messages.length).toBeGreaterThan(30);
  stream.shows = undefined;
  stream.film(2000, 10_000);
  await clock.advance(10_000);
  expect(events.map((event) => event.event)).toEqual(['room_blind', 'room_seen']);
  expect(monitor.blind()).toBeUndefined();
  expect(monitor.counters().blindMs.dark).toBeGreaterThan(5000);
});

test('another view of the camera is judged anew', async () => {
  const { clock, stream, monitor, events } = monitoredRoom();
  stream.shows = new Uint8Array(32 * 32 * 3).fill(5);
  stream.film(2000, 64_000);
  await clock.advance(65_000);
  expect(monitor.blind()?.cause).toBe('dark');
  const turned = new FakeStream(clock, { view: { aspect: undefined, rotate: 90 } });
  monitor.switchTo({ stream: turned });
  expect(monitor.blind()).toBeUndefined();
  expect(events.map((event) => event.event)).toEqual(['room_blind', 'room_seen']);
});

test('what is retained of a room fits the protocol and lets another watcher go on', async () => {
  const { clock, stream, model, states } = monitoredRoom();
  model.finds = [person(60, 170)];
  stream.film(500, 5000);
  await clock.advance(5000);
  const state = states.at(-1);
  expect(roomStateSchema.safeParse(state).success).toBe(true);
  expect(state).toMatchObject({ source_id: 2, watcher: 'processor-a', zones: [], fall: { state: 'none' } });
});

test('the first and later results can be waited for', async () => {
  const { clock, stream, monitor } = monitoredRoom();
  const first = monitor.nextResult(0, 5000);
  stream.show();
  await clock.advance(500);
  await expect(first).resolves.toBe(100);
  expect(monitor.lastResultMs()).toBe(100);
});

test('a stopped monitor publishes nothing any more and leaves no timer', async () => {
  const { clock, stream, messages, monitor } = monitoredRoom();
  stream.show();
  await clock.advance(50);
  await Promise.all([monitor.stop(), monitor.stop()]);
  await clock.advance(5000);
  expect(messages).toEqual([]);
  expect(clock.pending).toBe(0);
});

test('the snapshot counts what came, what was analysed and what was skipped', async () => {
  const { clock, stream, monitor } = monitoredRoom();
  stream.film(500, 4499);
  await clock.advance(4500);
  expect(monitor.counters()).toMatchObject({
    received: 9,
    analysed: 5,
    skipped: 0,
    unwatchedMs: {},
    people: 0,
    fall: 'none',
  });
});

test('time without a result is reported by what the room was waiting for', async () => {
  const { clock, stream, model, monitor } = monitoredRoom();
  // at one frame per second 2.5 s without a result are allowed
  const sees = async (): Promise<void> => {
    stream.show();
    await clock.advance(1500);
  };
  await sees();
  await clock.advance(2100);
  expect(monitor.counters().unwatchedMs).toEqual({ no_picture: 1000 });
  stream.setBlind('silent');
  await clock.advance(3000);
  stream.setBlind(undefined);
  model.tookMs = 5000;
  stream.show();
  await clock.advance(5000);
  model.tookMs = 100;
  expect(monitor.counters().unwatchedMs).toEqual({ no_picture: 1000, silent: 3000, model_busy: 5000 });
  await sees();
  monitor.pause();
  await clock.advance(10_000);
  monitor.resume();
  await sees();
  expect(monitor.counters().unwatchedMs).toEqual({ no_picture: 1000, silent: 3000, model_busy: 5100, paused: 8900 });
  model.stats.pid = undefined;
  model.failure = new Error('the host died');
  stream.show();
  await clock.advance(4500);
  const { model_lost, ...before } = monitor.counters().unwatchedMs;
  expect(before).toEqual({ no_picture: 1000, silent: 3000, model_busy: 5100, paused: 8900 });
  expect(model_lost).toBeGreaterThan(3000);
});

test('a model whose answers cannot be used makes the room blind after two frames, by name, until it gives an answer', async () => {
  const { clock, stream, model, monitor, events, states } = monitoredRoom();
  model.failure = new ModelHostError('failed', 'The answer contains a score of 220.');
  const oneFrame = async (): Promise<void> => {
    stream.show();
    await clock.advance(1500);
  };
  await oneFrame();
  expect(monitor.blind()).toBeUndefined();
  await oneFrame();
  expect(monitor.blind()).toMatchObject({ cause: 'model_failed', detail: 'The answer contains a score of 220.' });
  expect(events.at(-1)).toMatchObject({
    event: 'room_blind',
    reason: 'model_failed',
    detail: 'The answer contains a score of 220.',
  });
  expect(states.at(-1)?.blind_since).toBeDefined();
  await oneFrame();
  expect(monitor.counters().unwatchedMs).toMatchObject({ model_failed: expect.any(Number) });
  expect(events.filter(({ event }) => event === 'room_blind')).toHaveLength(1);
  model.failure = undefined;
  await oneFrame();
  expect(monitor.blind()).toBeUndefined();
  expect(events.at(-1)).toMatchObject({ event: 'room_seen' });
});

test('another model ends the blindness that the one before it caused, with its first answer', async () => {
  const { clock, stream, model, monitor } = monitoredRoom();
  model.failure = new ModelHostError('failed', 'The answer contains a score of 220.');
  for (let frame = 0; frame < 3; frame++) {
    stream.show();
    await clock.advance(1500);
  }
  expect(monitor.blind()).toMatchObject({ cause: 'model_failed' });
  monitor.switchTo({ model: new FakeModel(clock, 'model-b') });
  stream.show();
  await clock.advance(1500);
  expect(monitor.blind()).toBeUndefined();
});
