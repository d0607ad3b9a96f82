import { FakeModel, monitoredRoom, settings } from '../test-support/fake-room.ts';

/** A room whose frames come faster than its model works, at a moment when the model has two of them. */
async function busyRoom() {
  const room = monitoredRoom({ settings: { ...settings, maxFps: 25 } });
  room.stream.film(20, 20_000);
  await room.clock.advance(390);
  // one of 100 ms was measured, the second is computed on and the third has been handed over
  expect(room.model.asked.length - room.messages.length).toBe(2);
  return { ...room, before: room.messages.length };
}
const frames = (messages: readonly { timestamp: string }[]) => messages.map(({ timestamp }) => timestamp);

test('another model: neither frame in flight is reported, the newest is analysed by the new one, none twice', async () => {
  const { clock, messages, monitor, before } = await busyRoom();
  const next = new FakeModel(clock, 'model-b');
  monitor.switchTo({ model: next });
  monitor.dueNow();
  await clock.advance(1000);
  const after = messages.slice(before);
  expect(after.length).toBeGreaterThan(8);
  expect(new Set(after.map(({ model_id }) => model_id))).toEqual(new Set(['model-b']));
  expect(new Set(frames(messages)).size).toBe(messages.length);
});

test('another confidence: both were asked for the old one', async () => {
  const { clock, model, messages, monitor, before } = await busyRoom();
  const asked = model.asked.length;
  monitor.switchTo({ settings: { ...monitor.settings, confidence: 0.9 } });
  await clock.advance(160);
  expect(messages).toHaveLength(before);
  await clock.advance(1000);
  expect(messages.length).toBeGreaterThan(before);
  const old = new Set(model.asked.slice(0, asked).map(({ frame }) => new Date(frame.wallMs).toISOString()));
  for (const message of messages.slice(before)) {
    expect(old).not.toContain(message.timestamp);
  }
});

test('another rate: both are reported, in their order', async () => {
  const { clock, messages, monitor, before } = await busyRoom();
  monitor.switchTo({ settings: { ...monitor.settings, maxFps: 1 } });
  await clock.advance(250);
  expect(messages).toHaveLength(before + 2);
  expect(frames(messages)).toEqual([...frames(messages)].sort());
});

test.each(['pause', 'stop'] as const)('%s: nothing of either comes late', async (what) => {
  const { clock, messages, monitor, before } = await busyRoom();
  await monitor[what]();
  await clock.advance(2000);
  expect(messages).toHaveLength(before);
  monitor.resume();
  await clock.advance(150);
  expect(messages).toHaveLength(what === 'pause' ? before + 1 : before);
});

test('a host that is lost with both: the first is reported as lost, and the room is analysed again at once', async () => {
  const { clock, model, messages, lines, monitor, before } = await busyRoom();
  monitor.switchTo({ settings: { ...monitor.settings, maxFps: 0.1 } });
  model.loseAll();
  await clock.advance(150);
  expect(lines.filter((line) => line.event === 'frame_lost')).toHaveLength(1);
  expect(messages).toHaveLength(before + 1);
  monitor.switchTo({ settings: { ...monitor.settings, maxFps: 25 } });
  await clock.advance(1000);
  expect(messages.length).toBeGreaterThan(before + 5);
});
