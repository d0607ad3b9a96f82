import { CommandError } from '@vigilia/protocol';
import { FakeClock } from '@vigilia/testing';
import { createIdentity } from '../publish/identity.ts';
import { channelBus, FakeBus } from '../test-support/fake-bus.ts';
import { AckPublisher, WAITING_ANSWERS } from './ack-publisher.ts';
import type { Answerable } from './received-command.ts';

const command: Answerable = {
  name: 'change_stream_uri',
  commandId: 'c1',
  traceId: undefined,
  receivedAs: 'a',
};

it('no answer to a command shows the password of a camera, on any topic', () => {
  const bus = new FakeBus();
  const identity = createIdentity({ instanceId: 'a', role: 'home' });
  const ackPublisher = new AckPublisher({ bus: channelBus(bus), identity, clock: new FakeClock() });
  const replyTo = [{ topic: 'somewhere/else', correlationData: undefined }];
  const error = new CommandError('invalid_params', 'rtsp://nurse:a/S3CRET@cam/1 cannot be opened', { field: 'uri' });
  ackPublisher.failed(command, error, replyTo);
  ackPublisher.completed(command, { old: { uri: 'rtsp://nurse:a S3CRET@cam/1' }, password: 'S3CRET' }, replyTo);
  expect(bus.published.map(({ topic }) => topic)).toEqual(expect.arrayContaining(['somewhere/else']));
  expect(JSON.stringify(bus.published)).not.toContain('S3CRET');
  expect(bus.published[0]?.body).toMatchObject({
    message: 'rtsp://***@cam/1 cannot be opened',
    error: { code: 'invalid_params', field: 'uri' },
  });
});

it('the next command waits while the answers to those before it fill the queue, so that none of them is lost', async () => {
  const acknowledge: (() => void)[] = [];
  class SlowBroker extends FakeBus {
    override publish(): Promise<void> {
      return new Promise((resolve) => acknowledge.push(resolve));
    }
  }
  const identity = createIdentity({ instanceId: 'a', role: 'home' });
  const ackPublisher = new AckPublisher({ bus: channelBus(new SlowBroker()), identity, clock: new FakeClock() });
  while (acknowledge.length < WAITING_ANSWERS) {
    ackPublisher.received(command, []);
  }
  const room = ackPublisher.roomForAnswers();
  expect(room).toBeInstanceOf(Promise);
  acknowledge.shift()?.();
  await room;
  expect(ackPublisher.roomForAnswers()).toBeUndefined();
});
