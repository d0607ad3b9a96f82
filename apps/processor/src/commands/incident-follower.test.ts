import { createTopics, type Incident, type RoomState } from '@vigilia/protocol';
import { FakeClock } from '@vigilia/testing';
import type { ModelHost } from '../model/supervised-model-host.ts';
import type { StreamSpec } from '../stream/stream-spec.ts';
import { channelBus, FakeBus } from '../test-support/fake-bus.ts';
import { FakeMonitoredRoom } from '../test-support/fake-monitored-room.ts';
import { FakeStream } from '../test-support/fake-parts.ts';
import { IncidentFollower } from './incident-follower.ts';

const topics = createTopics();
const at = '2026-01-01T00:00:00.000Z';
const incident = (steps: Incident['steps'], eventIds = ['fall-1']): Incident => ({
  incident_id: 'inc-1',
  source_id: 2,
  state: 'acknowledged',
  drill: false,
  degraded: false,
  by: [],
  home: 'a',
  watched_by: 'a',
  steps,
  durations_ms: {},
  overrides: [],
  attempts: { spawn: 0 },
  event_ids: eventIds,
  opened_at: at,
  updated_at: at,
  trace_id: 't',
});
const room = (eventId?: string): RoomState => ({
  source_id: 2,
  watcher: 'a',
  since: at,
  fall: { state: eventId === undefined ? 'none' : 'alarm', ...(eventId !== undefined && { event_id: eventId }) },
});

async function house() {
  const bus = new FakeBus();
  const settings = { maxFps: 1, confidence: 0.25, tracking: true, zones: undefined };
  const stream = new FakeStream({ sourceId: 2 } as StreamSpec);
  const monitor = new FakeMonitoredRoom({ sourceId: 2, stream, model: {} as ModelHost, settings }, new FakeClock());
  const follower = new IncidentFollower({ bus: channelBus(bus), roomOf: (id) => (id === 2 ? monitor : undefined) });
  await follower.start();
  const hear = (one: Incident): void => bus.deliver(topics.incident(one.incident_id), one);
  return { follower, monitor, hear };
}

it('tells the watch once that people know, and once that it is dealt with', async () => {
  const { follower, monitor, hear } = await house();
  follower.roomChanged(room('fall-1'));
  hear(incident({}));
  expect(monitor.told).toEqual([]);
  hear(incident({ acknowledged: at }));
  hear(incident({ acknowledged: at }));
  expect(monitor.told).toEqual(['acknowledged']);
  hear(incident({ acknowledged: at, resolved: at }));
  expect(monitor.told).toEqual(['acknowledged', 'resolved']);
});

it('an old incident of the room says nothing about a new fall', async () => {
  const { follower, monitor, hear } = await house();
  hear(incident({ acknowledged: at, resolved: at }));
  follower.roomChanged(room('fall-2'));
  expect(monitor.told).toEqual([]);
});

it('a later fall of an acknowledged incident needs an acknowledgment of its own', async () => {
  const { follower, monitor, hear } = await house();
  follower.roomChanged(room('fall-2'));
  const later = incident({ acknowledged: at }, ['fall-1', 'fall-2']);
  hear({ ...later, state: 'open' });
  expect(monitor.told).toEqual([]);
  hear(later);
  expect(monitor.told).toEqual(['acknowledged']);
});

it('a watcher that takes the room later learns it too', async () => {
  const { follower, monitor, hear } = await house();
  hear(incident({ acknowledged: at }));
  follower.roomChanged(room('fall-1'));
  expect(monitor.told).toEqual(['acknowledged']);
  follower.forget([2]);
  follower.roomChanged(room('fall-1'));
  expect(monitor.told).toEqual(['acknowledged', 'acknowledged']);
});
