import { type Ack, createTopics, type Status } from '@vigilia/protocol';
import { type Bus, type BusMessage, ChannelBus, CommandClient, type MessageHandler } from '@vigilia/service';
import { eventually, FakeClock, silentLogger } from '@vigilia/testing';
import { CommandSender } from './command-sender.ts';

const ping = { command: 'ping', params: {} } as const;
const addStream = { command: 'add_stream', params: { source_id: 2 } } as const;

function sending() {
  const clock = new FakeClock();
  const sent: { command_id: string }[] = [];
  const handlers = new Map<string, MessageHandler>();
  const raw: Partial<Bus> = {
    publish: async (_, message) => void sent.push(message as { command_id: string }),
    subscribe: async (filter, handler) => void handlers.set(filter, handler),
  };
  const bus = new ChannelBus({ bus: raw as Bus, roots: topics.roots, logger: silentLogger(), clock });
  const leader = () => ({ instance_id: 'orchestrator', term: 1 });
  const client = new CommandClient({ bus, clock });
  const answer = (ack: Ack): void => {
    const message = { topic: topics.ack(ack.instance_id), payload: Buffer.from(JSON.stringify(ack)), retain: false };
    void handlers.get(topics.ackAny)?.(message as BusMessage);
  };
  return { clock, sent, answer, sender: new CommandSender({ client, leader, bootOf: () => 'one' }) };
}

const topics = createTopics();

function status(boot_id: string, name: Status['status']): Status {
  const timestamp = '2026-01-01T00:00:00.000Z';
  return { instance_id: 'a', client_id: 'a', boot_id, role: 'home', status: name, timestamp };
}

describe('a command to a processor', () => {
  it('is lost with the boot that it was sent to: no one waits for its answer until the time limit', async () => {
    const { sender } = sending();
    const reborn = sender.send('a', addStream);
    sender.status(status('two', 'starting'));
    await expect(reborn).resolves.toMatchObject({ done: false, code: 'lost' });
    const ended = sender.send('a', addStream);
    sender.status(status('one', 'offline'));
    await expect(ended).resolves.toMatchObject({ done: false, code: 'lost' });
  });

  it('is not lost because of statuses of the same life, or of the last word of another', async () => {
    const { sender, sent, answer } = sending();
    const judgement = sender.send('a', addStream);
    await eventually(() => expect(sent).toHaveLength(1));
    sender.status(status('one', 'running'));
    sender.status(status('zero', 'offline'));
    const timestamp = '2026-01-01T00:00:00.000Z';
    const about = { instance_id: 'a', client_id: 'a', command: 'add_stream', command_id: sent[0]?.command_id ?? '' };
    answer({ ...about, ack_status: 'completed', timestamp });
    await expect(judgement).resolves.toEqual({ done: true });
  });

  it('is lost with the connection: what became of it is seen when everything has been read again', async () => {
    const { sender } = sending();
    const told = sender.send('a', addStream);
    sender.connected();
    await expect(told).resolves.toMatchObject({ done: false, code: 'lost' });
  });

  it('has time to be carried out; a question for a sign of life has ten seconds', async () => {
    const { sender, clock } = sending();
    const asked = sender.send('a', ping);
    await clock.advance(10_000);
    await expect(asked).resolves.toMatchObject({ code: 'timeout' });
    const told = sender.send('a', addStream);
    await clock.advance(44_000);
    sender.status(status('two', 'starting'));
    await expect(told).resolves.toMatchObject({ code: 'lost' });
  });
});
