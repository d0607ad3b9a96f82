import { createTopics } from '@vigilia/protocol';
import { captureLogger } from '@vigilia/testing';
import { FakeBus } from '../test-support/fake-bus.ts';
import { RoomStates } from './room-states.ts';

const topics = createTopics();

it('has the newest state of each room, and survives one it cannot read', async () => {
  const bus = new FakeBus();
  const { logger, lines } = captureLogger();
  const states = new RoomStates({ bus, topics, logger });
  await states.start();
  const state = { source_id: 2, watcher: 'b', since: '2026-01-01T00:00:00.000Z', fall: { state: 'down' } };
  bus.deliver(topics.room(2), state);
  bus.deliver(topics.room(2), 'nonsense{');
  bus.deliver(topics.room(3), '');
  expect(states.get(2)).toEqual(state);
  expect(states.get(3)).toBeUndefined();
  expect(lines.map((line) => line.event)).toEqual(['room_state_unreadable']);
});
