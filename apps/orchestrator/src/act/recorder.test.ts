import { createTopics, policySchema } from '@vigilia/protocol';
import { type Bus, ChannelBus } from '@vigilia/service';
import { FakeClock, silentLogger } from '@vigilia/testing';
import { Store } from '../observe/store.ts';
import { Recorder } from './recorder.ts';

describe('a policy that was set', () => {
  it('is told at once, when it is kept and in force: nobody asks for pictures that were just forbidden', async () => {
    const topics = createTopics();
    const done: unknown[] = [];
    const clock = new FakeClock();
    const logger = silentLogger();
    const raw = { publish: async (topic: string) => void done.push(topic) } as unknown as Bus;
    const bus = new ChannelBus({ bus: raw, roots: topics.roots, logger, clock });
    const store = new Store('orchestrator');
    const recorder = new Recorder({
      bus,
      clock,
      logger,
      store,
      settled: () => undefined,
      policyChanged: () => void done.push(store.policy?.snapshots),
    });
    await recorder.record({ kind: 'publish_policy', policy: policySchema.parse({ snapshots: true }) });
    expect(done).toEqual([topics.orchestratorPolicy, true]);
  });
});
