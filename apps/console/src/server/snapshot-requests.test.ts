import { type Ack, createTopics, type Snapshot } from '@vigilia/protocol';
import { type Bus, type BusMessage, ChannelBus, CommandClient, type MessageHandler } from '@vigilia/service';
import { FakeClock, silentLogger } from '@vigilia/testing';
import { CommandGateway } from './command-gateway.ts';
import { SnapshotRequests } from './snapshot-requests.ts';

const topics = createTopics();

/** A processor that answers each command with these pictures, each named by the command that it is for. */
function startPictures(sends: (commandId: string) => readonly string[]) {
  const clock = new FakeClock();
  const handlers = new Map<string, MessageHandler>();
  const deliver = (filter: string, topic: string, body: unknown): void => {
    const message = { topic, payload: Buffer.from(JSON.stringify(body)), retain: false } as BusMessage;
    void handlers.get(filter)?.(message);
  };
  const send = (command_id: string): void => {
    const picture: Snapshot = {
      source_id: 2,
      instance_id: 'a',
      command_id,
      timestamp: new Date(clock.now()).toISOString(),
      blurred: true,
      jpeg: `picture of ${command_id}`,
    };
    deliver(topics.snapshotAny, topics.snapshot(2), picture);
  };
  const asked: string[] = [];
  const bus = {
    subscribe: async (filter: string, handler: MessageHandler) => void handlers.set(filter, handler),
    publish: async (_topic: string, { command_id }: { command_id: string }) => {
      asked.push(command_id);
      for (const id of sends(command_id)) {
        send(id);
      }
      const ack: Ack = {
        instance_id: 'a',
        client_id: 'a',
        command: 'snapshot',
        command_id,
        ack_status: 'completed',
        timestamp: new Date(clock.now()).toISOString(),
      };
      deliver(topics.ackAny, topics.ack('a'), ack);
    },
  } as unknown as Bus;
  const typed = new ChannelBus({ bus, roots: topics.roots, logger: silentLogger(), clock });
  const gateway = new CommandGateway({ client: new CommandClient({ bus: typed, clock }) });
  const snapshotRequests = new SnapshotRequests({ bus: typed, clock, gateway });
  snapshotRequests.start();
  const ask = (): Promise<Snapshot> => snapshotRequests.ask({ sourceId: 2, watcher: 'a', reveal: false, by: 'Ana' });
  return { ask, send, asked, clock };
}

describe('a picture that was asked for', () => {
  it('is the one of this very command, whatever else arrives', async () => {
    const { ask, asked } = startPictures((id) => ['of-another', id, 'another']);
    expect((await ask()).jpeg).toBe(`picture of ${asked[0]}`);
  });

  it('is missing when only snapshots come that were not requested: they are dropped, not kept for later', async () => {
    const { ask, send, asked, clock } = startPictures(() => ['of-another']);
    for (const _ of [1, 2]) {
      const refused = expect(ask()).rejects.toMatchObject({ code: 'no_picture', statusCode: 504 });
      await clock.advance(2000);
      await refused;
      send(asked.at(-1) ?? '');
    }
    expect(clock.pending).toBe(0);
  });
});
