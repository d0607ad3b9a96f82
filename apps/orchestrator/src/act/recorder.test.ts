import { createTopics, noPolicyHistory, policySchema } from '@vigilia/protocol';
import { type Bus, BusError, ChannelBus } from '@vigilia/service';
import { FakeClock, silentLogger } from '@vigilia/testing';
import { Store } from '../observe/store.ts';
import { Recorder } from './recorder.ts';

describe('a policy that was set', () => {
  it('is published only when it is stored and in force: no snapshot is asked for that was just forbidden', async () => {
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
    await recorder.record({
      kind: 'publish_policy',
      policy: policySchema.parse({ snapshots: true }),
      history: noPolicyHistory,
    });
    expect(done).toEqual([topics.orchestratorPolicy, true]);
  });
});

describe('a record that the broker does not take', () => {
  const record = async (code: BusError['code']) => {
    const store = new Store('orchestrator');
    const clock = new FakeClock();
    const logger = silentLogger();
    const raw = { publish: async () => Promise.reject(new BusError(code, 'no')) } as unknown as Bus;
    const recorder = new Recorder({
      bus: new ChannelBus({ bus: raw, roots: createTopics().roots, logger, clock }),
      clock,
      logger,
      store,
      settled: () => undefined,
      policyChanged: () => undefined,
    });
    const recorded = recorder.record({
      kind: 'publish_policy',
      policy: policySchema.parse({ snapshots: true }),
      history: noPolicyHistory,
    });
    return { store, recorded };
  };

  it.each(['too_large', 'refused', 'invalid'] as const)(
    'and never will (%s) holds up nothing behind it',
    async (code) => {
      const { store, recorded } = await record(code);
      await recorded;
      expect(store.policy?.snapshots).toBe(true);
    },
  );

  it.each(['queue_full', 'stopped', 'expired'] as const)('now (%s) is not taken as known', async (code) => {
    const { store, recorded } = await record(code);
    await expect(recorded).rejects.toMatchObject({ code });
    expect(store.policy).toBeUndefined();
  });
});
