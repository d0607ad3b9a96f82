import { createTopics } from '@vigilia/protocol';
import { FakeClock, silentLogger } from '@vigilia/testing';
import { createRegistry, registerRejections } from './metrics.ts';
import { RejectedMessages } from './rejected-messages.ts';

test('a service exports its rejected messages by channel and reason, summed over its connections', async () => {
  const { commands } = createTopics();
  const buses = [1, 2].map(() => ({
    rejections: new RejectedMessages({ logger: silentLogger(), clock: new FakeClock() }),
  }));
  const registry = createRegistry('orchestrator', 'orchestrator-1');
  registerRejections(registry, buses);
  const rejected = async (): Promise<string[]> =>
    (await registry.metrics()).split('\n').filter((line) => line.startsWith('vigilia_messages_rejected_total{'));
  expect(await rejected()).toEqual([]);
  const tooDeep = {
    reason: 'too_deep',
    message: 'The message is nested too deep.',
    field: undefined,
    body: undefined,
  } as const;
  for (const { rejections } of buses) {
    rejections.incoming('commands', commands, tooDeep);
  }
  buses[0]?.rejections.outgoing('ack', 'nvr/control/ack', 'timestamp is missing');
  const labels = 'service="orchestrator",instance_id="orchestrator-1"';
  const wanted = [
    `vigilia_messages_rejected_total{channel="commands",reason="too_deep",${labels}} 2`,
    `vigilia_messages_rejected_total{channel="ack",reason="outgoing",${labels}} 1`,
  ];
  expect(await rejected()).toEqual(wanted);
  expect(await rejected()).toEqual(wanted);
});
