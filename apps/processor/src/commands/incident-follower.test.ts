import { createTopics, fallEventId, type Incident, type RoomState, withoutUndefined } from '@vigilia/protocol';
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
  fall: withoutUndefined({ state: eventId === undefined ? 'none' : 'alarm', event_id: eventId }),
});

const monitored = new Set<FakeMonitoredRoom>();

async function house({ hasRoom = true } = {}) {
  const bus = new FakeBus();
  const settings = { maxFps: 1, confidence: 0.25, tracking: true, zones: undefined };
  const stream = new FakeStream({ sourceId: 2 } as StreamSpec);
  const monitor = new FakeMonitoredRoom({ sourceId: 2, stream, model: {} as ModelHost, settings }, new FakeClock());
  const follower = new IncidentFollower({
    bus: channelBus(bus),
    roomOf: (id) => [...monitored].find(({ sourceId }) => sourceId === id),
  });
  monitored.clear();
  if (hasRoom) {
    monitored.add(monitor);
  }
  await follower.start();
  const hear = (one: Incident): void => bus.deliver(topics.incident(one.incident_id), one);
  return { follower, monitor, hear };
}

it('passes to the monitor of the room what people have done about its fall', async () => {
  const { follower, monitor, hear } = await house();
  follower.roomChanged(room('fall-1'));
  hear({ ...incident({}), state: 'open' });
  hear(incident({ acknowledged: at }));
  hear({ ...incident({ acknowledged: at, resolved: at }), state: 'closing' });
  expect(monitor.told).toEqual(['fall-1 open', 'fall-1 acknowledged', 'fall-1 resolved']);
});

it.each([
  ['open', {}],
  ['acknowledged', { acknowledged: at }],
] as const)(
  'a verdict that is taken back leaves the fall %s, also when no processor was there to hear it',
  async (state, steps) => {
    const { follower, monitor, hear } = await house();
    hear({ ...incident({ ...steps, resolved: at }), state: 'closed' });
    hear({ ...incident(steps), state });
    expect(monitor.told).toEqual(['fall-1 resolved', `fall-1 ${state}`]);
    follower.roomChanged(room('fall-1'));
    expect(monitor.told.at(-1)).toBe(`fall-1 ${state}`);
    expect(monitor.told).toHaveLength(3);
  },
);

it('an incident that the system closed answers no fall', async () => {
  const { monitor, hear } = await house();
  hear({ ...incident({ recovered: at, closed: at }), state: 'closed' });
  expect(monitor.told).toEqual([]);
});

it('a later fall of an acknowledged incident needs an acknowledgment of its own', async () => {
  const { monitor, hear } = await house();
  const later = incident({ acknowledged: at }, ['fall-1', 'fall-2']);
  hear({ ...later, state: 'open' });
  hear(later);
  expect(monitor.told).toEqual(['fall-1,fall-2 open', 'fall-1,fall-2 acknowledged']);
});

it('a processor that takes the room later learns it too', async () => {
  const { follower, monitor, hear } = await house({ hasRoom: false });
  hear(incident({ acknowledged: at }));
  expect(monitor.told).toEqual([]);
  monitored.add(monitor);
  follower.roomChanged(room('fall-1'));
  expect(monitor.told).toEqual(['fall-1 acknowledged']);
});

describe('a room looks back when its incident', () => {
  const fall = (eventId: string) => ({ event_id: eventId, alarm_at: at, reported_at: at });
  const open = (changes: Partial<Incident>): Incident => ({ ...incident({}), state: 'open', ...changes });
  const lookBacks = ({ told }: FakeMonitoredRoom): string[] => told.filter((one) => one.startsWith('look back'));
  const own = fallEventId('fall_detected', '0'.repeat(32));

  it('has a fall that another sensor reported, once for each, and not where a processor reported it', async () => {
    const { monitor, hear } = await house();
    hear(open({ falls: [fall(own)] }));
    expect(lookBacks(monitor)).toEqual([]);
    hear(open({ falls: [fall(own), fall('mat-7')] }));
    hear(open({ falls: [fall(own), fall('mat-7')], updated_at: at }));
    expect(lookBacks(monitor)).toEqual(['look back and closely']);
    hear(open({ falls: [fall('mat-7'), fall('mat-8')] }));
    expect(lookBacks(monitor)).toEqual(['look back and closely', 'look back and closely']);
  });

  it('gets a dedicated processor, which has no packets of before', async () => {
    const { monitor, hear } = await house();
    hear(open({ falls: [fall(own)] }));
    hear(open({ falls: [fall(own)], dedicated: 'a_1' }));
    hear(open({ falls: [fall(own)], dedicated: 'a_1', steps: { dedicated_started: at } }));
    expect(lookBacks(monitor)).toEqual(['look back']);
  });

  it('is open, and not because of what was known before the room was here', async () => {
    const { monitor, hear } = await house({ hasRoom: false });
    hear(open({ falls: [fall('mat-7')], dedicated: 'a_1' }));
    monitored.add(monitor);
    hear(open({ falls: [fall('mat-7')], dedicated: 'a_1', updated_at: at }));
    hear(open({ falls: [fall('mat-7'), fall('mat-8')], dedicated: 'a_1', state: 'closing' }));
    expect(lookBacks(monitor)).toEqual([]);
  });
});
