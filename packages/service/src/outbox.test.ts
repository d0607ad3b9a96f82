import { FakeClock } from '@vigilia/testing';
import { BusError } from './bus.ts';
import type { Connection } from './mqtt-connection.ts';
import { Outbox } from './outbox.ts';

/** A connection whose PUBACKs a test gives by hand. */
function fakeConnection() {
  const sent: { payload: string; done: () => void; fail: (error: Error) => void }[] = [];
  const connection: Connection = {
    sessionPresent: false,
    closed: new Promise(() => {}),
    publish: (_topic, payload) =>
      new Promise((resolve, reject) => sent.push({ payload: payload.toString(), done: resolve, fail: reject })),
    subscribe: async () => {},
    unsubscribe: async () => {},
    close: async () => {},
    cut: () => {},
  };
  return { connection, sent };
}

function setup(capacity = 10) {
  const clock = new FakeClock();
  const overflowed: string[] = [];
  const outbox = new Outbox({ capacity, clock, onOverflow: (topic) => overflowed.push(topic) });
  const add = (text: string, expirySeconds?: number): Promise<void> =>
    outbox.add('t', Buffer.from(text), expirySeconds === undefined ? {} : { expirySeconds });
  return { clock, outbox, overflowed, add };
}

test('what was not acknowledged is sent again on the next connection, in order, and only once on each', async () => {
  const { outbox, add } = setup();
  const results = [add('1'), add('2'), add('3')];
  const first = fakeConnection();
  outbox.pump(first.connection);
  outbox.pump(first.connection);
  expect(first.sent.map((one) => one.payload)).toEqual(['1', '2', '3']);
  first.sent[0]?.done();
  await results[0];
  first.sent[1]?.fail(new Error('Connection closed'));
  const second = fakeConnection();
  outbox.pump(second.connection);
  expect(second.sent.map((one) => one.payload)).toEqual(['2', '3']);
  for (const one of second.sent) {
    one.done();
  }
  await Promise.all(results);
  expect(outbox.size).toBe(0);
});

test('a refusal with a reason code ends that message; the others go on', async () => {
  const { outbox, add } = setup();
  const [refused, good] = [add('1'), add('2')];
  const { connection, sent } = fakeConnection();
  outbox.pump(connection);
  sent[0]?.fail(Object.assign(new Error('Not authorized'), { code: 0x87 }));
  sent[1]?.done();
  await expect(refused).rejects.toMatchObject({ code: 'refused' });
  await good;
});

test('a message whose time is over is not sent', async () => {
  const { clock, outbox, add } = setup();
  const [short, long] = [add('short', 5), add('long', 60)];
  await clock.advance(5000);
  const { connection, sent } = fakeConnection();
  outbox.pump(connection);
  await expect(short).rejects.toMatchObject({ code: 'expired' });
  expect(sent.map((one) => one.payload)).toEqual(['long']);
  sent[0]?.done();
  await long;
});

test('when it is full the oldest goes', async () => {
  const { outbox, overflowed, add } = setup(2);
  const oldest = add('1');
  void add('2');
  void add('3');
  await expect(oldest).rejects.toMatchObject({ code: 'queue_full' });
  expect(outbox.size).toBe(2);
  expect(overflowed).toEqual(['t']);
});

test('drained resolves with the last acknowledgement; clear gives everything up', async () => {
  const { outbox, add } = setup();
  await outbox.drained();
  const sending = add('1');
  const drained = outbox.drained();
  const { connection, sent } = fakeConnection();
  outbox.pump(connection);
  sent[0]?.done();
  await Promise.all([sending, drained]);
  const waiting = add('2');
  outbox.clear(new BusError('stopped', 'stopped'));
  await expect(waiting).rejects.toMatchObject({ code: 'stopped' });
});
