import { FakeStream, monitoredRoom, person, settings } from '../test-support/fake-room.ts';

const upright = person(60, 170);
const lying = person(190, 70, { confidence: 0.4 });

/** A person walks about for ten seconds and then lies on the floor. */
async function fall(room: ReturnType<typeof monitoredRoom>, forMs: number): Promise<void> {
  const { clock, stream, model } = room;
  stream.film(500, 10_000 + forMs);
  model.finds = [upright];
  await clock.advance(10_000);
  model.finds = [lying];
  await clock.advance(forMs);
}

test('a fall is suspected, then reported, and so does the state that travels with the room', async () => {
  const room = monitoredRoom();
  await fall(room, 60_000);
  const types = room.events.map((event) => event.event);
  expect(types).toEqual(['fall_suspected', 'fall_detected']);
  const [, alarm] = room.events;
  expect(alarm).toMatchObject({ source_id: 2, instance_id: 'processor-a', severity: 'critical', model_id: 'model-a' });
  expect(room.states.at(-1)?.fall).toMatchObject({
    state: 'alarm',
    event_id: alarm?.event_id,
    trace_id: alarm?.trace_id,
  });
  expect(room.monitor.counters()).toMatchObject({ people: 1, fall: 'alarm' });
});

test('people have a tracker_id and a posture; with tracking off the fall is still found', async () => {
  const on = monitoredRoom();
  await fall(on, 5000);
  expect(on.messages.at(-1)?.detections[0]).toMatchObject({ tracker_id: 1, posture: 'low' });
  const off = monitoredRoom({ settings: { ...settings, tracking: false } });
  await fall(off, 60_000);
  expect(off.messages.at(-1)?.detections[0]).not.toHaveProperty('tracker_id');
  expect(off.events.map((event) => event.event)).toContain('fall_detected');
});

test('the model is asked below the room’s confidence, for people who lie; strangers below it are not published', async () => {
  const { clock, stream, model, messages } = monitoredRoom({ settings: { ...settings, confidence: 0.5 } });
  model.finds = [person(60, 170, { confidence: 0.6 }), { ...person(40, 40), className: 'chair', confidence: 0.3 }];
  stream.show();
  await clock.advance(1000);
  expect(model.asked[0]?.confidence).toBeLessThanOrEqual(0.2);
  expect(messages[0]?.detections.map((one) => one.class_name)).toEqual(['person']);
});

test('a table that the model takes for a person is not a person while no joint is visible', async () => {
  const { clock, stream, model, messages, monitor } = monitoredRoom();
  const joints = (visibility: number) => Array.from({ length: 17 }, () => ({ x: 300, y: 250, visibility }));
  const seen = async (visibility: number) => {
    model.finds = [person(60, 170, { confidence: 0.6, keypoints: joints(visibility) })];
    stream.show();
    await clock.advance(1000);
    return messages.at(-1)?.detections[0];
  };
  expect(await seen(0.02)).not.toHaveProperty('tracker_id');
  expect(monitor.counters().people).toBe(0);
  expect(await seen(0.6)).toHaveProperty('tracker_id');
});

test('the first sight of a person who is low brings a burst: more often, decoded in full beside the key frames', async () => {
  const room = monitoredRoom({ settings: { ...settings, maxFps: 0.2 } });
  const { clock, stream, model, opened, messages } = room;
  stream.intervalMs = 2000;
  stream.film(2000, 120_000);
  model.finds = [upright];
  await clock.advance(11_000);
  model.finds = [lying];
  while (opened.length === 0) {
    await clock.advance(1000);
  }
  expect(opened[0]?.spec).toMatchObject({ sourceId: 2, decode: 'full' });
  opened[0]?.film(40, 14_000);
  const before = messages.length;
  await clock.advance(10_000);
  expect(messages.length - before).toBeGreaterThan(15);
  await clock.advance(10_000);
  expect(opened[0]?.stopped).toBe(true);
  const calm = messages.length;
  await clock.advance(20_000);
  expect(messages.length - calm).toBeLessThanOrEqual(5);
  expect(room.monitor.stream).toBe(stream);
});

test('a camera that refuses a second session gets no second one for a burst', async () => {
  const room = monitoredRoom({ singleSession: true });
  await fall(room, 10_000);
  expect(room.opened).toEqual([]);
});

test('a camera that refuses a second session is looked at more closely where its packets are shared', async () => {
  const room = monitoredRoom({ singleSession: true });
  room.stream.shared = true;
  await fall(room, 10_000);
  expect(room.opened).toHaveLength(1);
});

test('a switch of the stream in a burst ends the stream beside it', async () => {
  const room = monitoredRoom();
  await fall(room, 5000);
  expect(room.opened).toHaveLength(1);
  room.monitor.switchTo({ stream: new FakeStream(room.clock) });
  expect(room.opened[0]?.stopped).toBe(true);
});

test('the next watcher goes on in the middle of a fall, and reports it as the same event', async () => {
  const first = monitoredRoom();
  await fall(first, 10_000);
  const travelled = first.states.at(-1);
  expect(travelled?.fall.state).toBe('down');
  const second = monitoredRoom({ restored: JSON.parse(JSON.stringify(travelled)) });
  await second.clock.advance(first.clock.monotonic());
  second.model.finds = [lying];
  second.stream.film(500, 30_000);
  await second.clock.advance(20_000);
  const alarm = second.events.find((event) => event.event === 'fall_detected');
  expect(alarm).toMatchObject({ event_id: travelled?.fall.event_id, trace_id: travelled?.fall.trace_id });
});

test('a resolved fall is quiet, and a verdict that is taken back brings its reminders back', async () => {
  const room = monitoredRoom();
  await fall(room, 60_000);
  const alarm = room.states.at(-1)?.fall;
  const eventIds = [String(alarm?.event_id)];
  room.monitor.answerFalls({ answer: 'resolved', eventIds: ['fall_detected-of-another-fall'] });
  expect(room.states.at(-1)?.fall).toMatchObject({ state: 'alarm' });
  room.monitor.answerFalls({ answer: 'resolved', eventIds });
  expect(room.states.at(-1)?.fall).toMatchObject({ state: 'none', quiet: true });
  const reminders = () => room.events.filter(({ event }) => event === 'fall_reminder').length;
  const before = reminders();
  await room.clock.advance(400_000);
  expect(reminders()).toBe(before);
  room.monitor.answerFalls({ answer: 'open', eventIds });
  expect(room.states.at(-1)?.fall).toMatchObject({
    state: 'alarm',
    event_id: alarm?.event_id,
    alarm_at: alarm?.alarm_at,
  });
  await room.clock.advance(400_000);
  expect(reminders()).toBeGreaterThan(before);
});

test('a fall is reported in time also when the camera goes blind over it', async () => {
  const room = monitoredRoom();
  await fall(room, 12_000);
  room.stream.setBlind('silent');
  await room.clock.advance(60_000);
  expect(room.events.map((event) => event.event)).toEqual(expect.arrayContaining(['room_blind', 'fall_detected']));
});
