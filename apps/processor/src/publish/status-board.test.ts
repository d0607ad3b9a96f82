import { createTopics } from '@vigilia/protocol';
import { FakeClock } from '@vigilia/testing';
import { initialConfig } from '../config/processor-config.ts';
import type { StreamSpec } from '../stream/stream-spec.ts';
import { channelBus, FakeBus } from '../test-support/fake-bus.ts';
import { FakeMonitoredRoom } from '../test-support/fake-monitored-room.ts';
import { FakeModel, FakeStream } from '../test-support/fake-parts.ts';
import { createIdentity } from './identity.ts';
import { StatusBoard } from './status-board.ts';

const topics = createTopics();
const defaults = { modelId: 'm', maxFps: 1, confidence: 0.25, tracking: true, decode: 'auto' } as const;

function house() {
  const [bus, clock] = [new FakeBus(), new FakeClock()];
  const stream = new FakeStream({ sourceId: 0, address: 'rtsp://cam/0', decode: 'keyframes' } as StreamSpec);
  const settings = { maxFps: 1, confidence: 0.25, tracking: true, zones: undefined };
  const monitor = new FakeMonitoredRoom({ sourceId: 0, stream, model: new FakeModel('m', 320), settings }, clock);
  const reconciler = {
    config: initialConfig(defaults, [0]),
    monitors: [monitor],
    models: [monitor.model],
    paused: false,
    keyframeIntervalMs: () => undefined,
  };
  const identity = createIdentity({ instanceId: 'a', role: 'home' });
  const board = new StatusBoard({
    bus: channelBus(bus),
    identity,
    clock,
    reconciler,
    control: true,
    configSource: () => 'flags',
    availableModels: () => files,
  });
  const files = ['m'];
  const own = (): unknown[] => bus.on(topics.status('a')).map((status) => status.status);
  return { bus, clock, stream, reconciler, board, own, files };
}

it('is retained on its own topic and on the shared one, so that late subscribers get the last status', () => {
  const { bus, board } = house();
  board.set('running');
  expect(bus.published.map(({ topic, options }) => [topic, options.retain ?? false])).toEqual([
    [topics.status('a'), true],
    [topics.statusShared, true],
  ]);
  expect(bus.published[0]?.body).toEqual(bus.published[1]?.body);
});

it('a failed command: error, then what it was before; last_error stays', () => {
  const { board, own, reconciler, bus } = house();
  board.fail({ command: 'restart', command_id: 'x', code: 'timeout' });
  reconciler.paused = true;
  board.fail({ command: 'restart', command_id: 'y', code: 'timeout' });
  expect(own()).toEqual(['error', 'running', 'error', 'paused']);
  expect(bus.on(topics.status('a')).at(-1)?.last_error).toMatchObject({ command_id: 'y', code: 'timeout' });
});

it('follows the rooms by itself, and publishes nothing while nothing has changed', async () => {
  const { bus, clock, stream, board } = house();
  board.setRunningOrPaused();
  board.start();
  await clock.advance(10_000);
  expect(bus.published).toHaveLength(2);
  stream.show();
  await clock.advance(1000);
  stream.goBlind('silent');
  await clock.advance(5000);
  const states = bus
    .on(topics.status('a'))
    .map(({ streams, health }) => [(streams as { state: string }[])[0]?.state, health]);
  expect(states).toEqual([
    ['starting', 'ok'],
    ['watching', 'ok'],
    ['blind', 'failing'],
  ]);
  expect(bus.on(topics.statusShared)).toHaveLength(1);
  board.stop();
  stream.show();
  await clock.advance(5000);
  expect(bus.on(topics.status('a'))).toHaveLength(3);
});

it('lists a model that is copied into the folder, without a restart', async () => {
  const { bus, clock, board, files } = house();
  board.setRunningOrPaused();
  board.start();
  files.push('large');
  await clock.advance(1000);
  board.stop();
  expect(bus.on(topics.status('a')).map(({ available_models }) => available_models)).toEqual([['m'], ['m', 'large']]);
});

it('publishes its end only where the broker is connected', () => {
  const { bus, board, own } = house();
  board.offline();
  bus.connected = false;
  board.offline();
  expect(own()).toEqual(['offline']);
});
