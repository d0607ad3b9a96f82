import { createTopics, type Incident, type RoomState } from '@vigilia/protocol';
import { FakeClock } from '@vigilia/testing';
import { channelBus, FakeBus } from '../test-support/fake-bus.ts';
import { FakeStream } from '../test-support/fake-parts.ts';
import { FakeWatch } from '../test-support/fake-watch.ts';
import type { ModelHost, StreamSpec } from '../watch/ports.ts';
import { IncidentFollower } from './incident-follower.ts';

const topics = createTopics();
const at = '2026-01-01T00:00:00.000Z';
const incident = (steps: Incident['steps'], eventIds = ['fall-1']): Incident => ({
  ...{ incident_id: 'inc-1', source_id: 2, state: 'acknowledged', drill: false, degraded: false, by: [], home: 'a' },
  ...{ watched_by: 'a', steps, durations_ms: {}, overrides: [], attempts: { spawn: 0 }, event_ids: eventIds },
  ...{ opened_at: at, updated_at: at, trace_id: 't' },
});
const room = (eventId?: string): RoomState => ({
  ...{ source_id: 2, watcher: 'a', since: at },
  fall: { state: eventId === undefined ? 'none' : 'alarm', ...(eventId !== undefined && { event_id: eventId }) },
});

async function house() {
  const bus = new FakeBus();
  const settings = { maxFps: 1, confidence: 0.25, tracking: true, zones: undefined };
  const stream = new FakeStream({ sourceId: 2 } as StreamSpec);
  const watch = new FakeWatch({ sourceId: 2, stream, model: {} as ModelHost, settings }, new FakeClock());
  const follower = new IncidentFollower({ bus: channelBus(bus), watchOf: (id) => (id === 2 ? watch : undefined) });
  await follower.start();
  const hear = (one: Incident): void => bus.deliver(topics.incident(one.incident_id), one);
  return { follower, watch, hear };
}

it('tells the watch once that people know, and once that it is dealt with', async () => {
  const { follower, watch, hear } = await house();
  follower.roomChanged(room('fall-1'));
  hear(incident({}));
  expect(watch.told).toEqual([]);
  hear(incident({ acknowledged: at }));
  hear(incident({ acknowledged: at }));
  expect(watch.told).toEqual(['acknowledged']);
  hear(incident({ acknowledged: at, resolved: at }));
  expect(watch.told).toEqual(['acknowledged', 'resolved']);
});

it('an old incident of the room says nothing about a new fall', async () => {
  const { follower, watch, hear } = await house();
  hear(incident({ acknowledged: at, resolved: at }));
  follower.roomChanged(room('fall-2'));
  expect(watch.told).toEqual([]);
});

it('a later fall of an acknowledged incident needs an acknowledgment of its own', async () => {
  const { follower, watch, hear } = await house();
  follower.roomChanged(room('fall-2'));
  const later = incident({ acknowledged: at }, ['fall-1', 'fall-2']);
  hear({ ...later, state: 'open' });
  expect(watch.told).toEqual([]);
  hear(later);
  expect(watch.told).toEqual(['acknowledged']);
});

it('a watcher that takes the room later learns it too', async () => {
  const { follower, watch, hear } = await house();
  hear(incident({ acknowledged: at }));
  follower.roomChanged(room('fall-1'));
  expect(watch.told).toEqual(['acknowledged']);
  follower.forget([2]);
  follower.roomChanged(room('fall-1'));
  expect(watch.told).toEqual(['acknowledged', 'acknowledged']);
});
