import { createTopics } from '@vigilia/protocol';
import { channelBus, FakeBus } from '../test-support/fake-bus.ts';
import { RoomStates } from './room-states.ts';

const topics = createTopics();

it('has the newest state of each room, and survives one it cannot read', async () => {
  const bus = new FakeBus();
  const others: number[] = [];
  const states = new RoomStates({
    bus: channelBus(bus),
    identity: { bootId: 'mine' },
    onOther: (one) => others.push(one.source_id),
  });
  await states.start();
  const state = { source_id: 2, watcher: 'b', since: '2026-01-01T00:00:00.000Z', fall: { state: 'down' } };
  bus.deliver(topics.room(2), state);
  bus.deliver(topics.room(4), { ...state, source_id: 4, boot_id: 'mine' });
  bus.deliver(topics.room(2), 'nonsense{');
  bus.deliver(topics.room(3), { ...state, source_id: 3, reference_height: 1e300 });
  bus.deliver(topics.room(3), { ...state, source_id: 5 });
  bus.deliver(topics.room(3), '');
  expect(states.get(2)).toEqual(state);
  expect(states.get(3)).toBeUndefined();
  // its own state is nothing new
  expect([others, states.get(4)?.boot_id]).toEqual([[2], 'mine']);
});
