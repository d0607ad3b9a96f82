import { channels, createTopics } from '@vigilia/protocol';
import { captureLogger, connectBus, eventually, FakeClock, startBroker } from '@vigilia/testing';
import type { Bus } from './bus.ts';
import { ChannelBus, type RejectedMessage } from './channel-bus.ts';
import { systemClock } from './clock.ts';
import { CommandClient } from './command-client.ts';
import type { EmbeddedBroker } from './embedded-broker.ts';

const { roots } = createTopics('nvr');
const ack = {
  instance_id: 'processor-a',
  client_id: 'processor-a',
  command: 'ping',
  command_id: 'c',
  ack_status: 'completed',
  timestamp: '2026-01-01T00:00:00.000Z',
} as const;

describe('the entry of every message', () => {
  let broker: EmbeddedBroker;
  let raw: Bus;
  const open: Bus[] = [];
  beforeAll(async () => {
    broker = await startBroker();
    raw = await connectBus(broker.url);
  });
  afterAll(async () => {
    await Promise.all([raw, ...open].map((bus) => bus.stop()));
    await broker.stop();
  });

  async function entry() {
    const bus = await connectBus(broker.url);
    open.push(bus);
    const { logger, lines } = captureLogger();
    return { lines, bus: new ChannelBus({ bus, roots, logger, clock: new FakeClock() }) };
  }

  test('a subscriber gets typed messages and never an invalid one, however many arrive, and one log line per burst', async () => {
    const { bus, lines } = await entry();
    const values: unknown[] = [];
    const rejected: RejectedMessage[] = [];
    await bus.subscribe(channels.commands, ({ value }) => void values.push(value?.command), {
      onRejected: (message) => void rejected.push(message),
    });
    for (let index = 0; index < 50; index += 1) {
      await raw.publish('nvr/control/commands', '{"command": ');
    }
    await raw.publish('nvr/control/commands', { command: 'ping' });
    await eventually(() => expect(values).toEqual(['ping']));
    expect(rejected).toHaveLength(50);
    expect([...bus.rejections.counts()]).toEqual([{ channel: 'commands', reason: 'invalid_json', count: 50 }]);
    expect(lines.filter((line) => line.event === 'message_rejected')).toHaveLength(1);
  });

  test('a payload that its own schema rejects is not published', async () => {
    const { bus } = await entry();
    const wrong = bus.publish(channels.ack, { instance_id: 'processor-b' }, ack);
    await expect(wrong).rejects.toMatchObject({ code: 'invalid' });
    const invalid = bus.publish(channels.ack, { instance_id: 'processor-a' }, { ...ack, timestamp: 'now' });
    await expect(invalid).rejects.toMatchObject({ code: 'invalid' });
    await expect(bus.publish(channels.ack, { instance_id: 'processor-a' }, ack)).resolves.toBeUndefined();
  });

  test('a command without an answer ends with a timeout, one that is answered at once ends at once', async () => {
    const { bus } = await entry();
    const client = new CommandClient({ bus, clock: systemClock });
    const ping = { to: 'processors', command: { command: 'ping', params: {} }, targets: ['processor-a'] } as const;
    const silent = await client.send({ ...ping, expected: 1, timeoutMs: 50 });
    expect(silent).toMatchObject({ ended: 'timeout', answers: [] });
    await raw.subscribe('nvr/control/commands', async (message) => {
      const { command_id } = message.json() as { command_id: string };
      for (const ack_status of ['received', 'completed']) {
        await raw.publish('nvr/control/status/processor-a/ack', { ...ack, command_id, ack_status });
      }
    });
    const answered = await client.send({ ...ping, expected: ['processor-a'], timeoutMs: 30_000 });
    expect(answered).toMatchObject({ ended: 'answered', answers: [{ instance_id: 'processor-a' }] });
  });

  test('a command whose answer is not awaited any longer ends with the reason of the one who gave up', async () => {
    const { bus } = await entry();
    const client = new CommandClient({ bus, clock: systemClock });
    const limit = new AbortController();
    const sent = client.send({
      to: 'orchestrator',
      command: { command: 'status', params: {} },
      timeoutMs: 30_000,
      signal: limit.signal,
    });
    limit.abort('the processor ended');
    await expect(sent).resolves.toMatchObject({ ended: 'aborted', cause: 'the processor ended' });
  });
});
