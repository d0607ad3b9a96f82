import { createTopics } from '@vigilia/protocol';
import { ChannelBus, systemClock } from '@vigilia/service';
import { connectBus, eventually, silentLogger, startBroker } from '@vigilia/testing';
import { FaultyFiles } from '../test-support/faulty-files.ts';
import { readAll, TestSpools } from '../test-support/test-spools.ts';
import { subscribeAll } from './mqtt-input.ts';

test('a backlog of events is synced to the disk in groups and in order, not one by one', async () => {
  const topics = createTopics();
  const broker = await startBroker();
  const spools = await TestSpools.create();
  const bus = await connectBus(broker.url);
  try {
    const files = new FaultyFiles();
    const spool = await spools.open({ files });
    const ids: string[] = [];
    const channelBus = new ChannelBus({ bus, roots: topics.roots, logger: silentLogger(), clock: systemClock });
    let endFirstSync = (): void => {};
    files.beforeSync = () =>
      new Promise((resolve) => {
        endFirstSync = resolve;
      });
    const take = async ({ arrival }: { readonly arrival: { readonly payload: Buffer } }): Promise<void> => {
      ids.push(JSON.parse(arrival.payload.toString()).event_id);
      await spool.append('critical', arrival.payload);
    };
    subscribeAll({ bus: channelBus, take, takeRejected: take });
    const sent = Array.from({ length: 200 }, (_, index) => `event-${index}`);
    await Promise.all(
      sent.map((event_id) =>
        bus.publish(topics.event('fall_suspected'), {
          event_id,
          event: 'fall_suspected',
          source_id: 1,
          instance_id: 'p',
          timestamp: '2026-01-01T00:00:00.000Z',
          severity: 'info',
          trace_id: 't',
        }),
      ),
    );
    // the first sync is still under way
    await eventually(() => expect(ids).toEqual(sent));
    files.beforeSync = undefined;
    endFirstSync();
    await spool.append('critical', Buffer.from(JSON.stringify({ event_id: 'last' })));
    const stored = await readAll(spool.consumer('out'));
    expect(stored.map((text) => JSON.parse(text).event_id)).toEqual([...sent, 'last']);
    expect(files.operations.filter((operation) => operation === 'sync').length).toBeLessThan(5);
  } finally {
    await bus.stop();
    await broker.stop();
    await spools.remove();
  }
});
