import { createTopics, policySchema, type VigiliaEvent } from '@vigilia/protocol';
import type { Bus } from '@vigilia/service';
import { FakeClock, silentLogger } from '@vigilia/testing';
import { Store } from '../observe/store.ts';
import { Recorder } from './recorder.ts';

describe('a policy that was set', () => {
  it('is told at once, when it is kept and in force: nobody asks for pictures that were just forbidden', async () => {
    const topics = createTopics();
    const done: unknown[] = [];
    const bus = { publish: async (topic: string) => void done.push(topic) } as unknown as Bus;
    const store = new Store('orchestrator');
    const recorder = new Recorder({
      bus,
      topics,
      clock: new FakeClock(),
      logger: silentLogger(),
      store,
      settled: () => undefined,
      policyChanged: () => void done.push(store.policy?.snapshots),
    });
    await recorder.record({ kind: 'publish_policy', policy: policySchema.parse({ snapshots: true }) });
    expect(done).toEqual([topics.orchestratorPolicy, true]);
  });
});

it('an event repeats the words of others without the password of a camera', async () => {
  const published: unknown[] = [];
  const recorder = new Recorder({
    bus: { publish: async (_topic: string, body: unknown) => void published.push(body) } as unknown as Bus,
    topics: createTopics(),
    clock: new FakeClock(),
    logger: silentLogger(),
    store: new Store('orchestrator'),
    settled: () => undefined,
    policyChanged: () => undefined,
  });
  const event: VigiliaEvent = {
    event_id: 'e1',
    event: 'room_blind',
    source_id: 2,
    instance_id: 'orchestrator',
    timestamp: '2026-01-01T00:00:00.000Z',
    severity: 'warning',
    trace_id: 't1',
    reason: 'rtsp://nurse:a/S3CRET@cam/1 is not a URL',
  };
  await recorder.record({ kind: 'publish_event', event });
  expect(published).toEqual([{ ...event, reason: 'rtsp://***@cam/1 is not a URL' }]);
});
