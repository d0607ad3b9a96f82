import { captureLogger, FakeClock, silentLogger } from '@vigilia/testing';
import { type BusMessage, RedeliverError } from './bus.ts';
import { Subscriptions } from './subscriptions.ts';

function message(topic: string, text = '1', qos: 0 | 1 = 1): BusMessage {
  const payload = Buffer.from(text);
  return { topic, payload, retain: false, dup: false, qos, json: () => JSON.parse(text) };
}

test('one subscription handles one message after another; another one is not held up', async () => {
  const subscriptions = new Subscriptions(silentLogger(), new FakeClock());
  const log: string[] = [];
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  subscriptions.add({ filter: 'slow/+', qos: 1, refresh: false }, async (one) => {
    log.push(`begin ${one.topic}`);
    await held;
    log.push(`end ${one.topic}`);
  });
  subscriptions.add({ filter: 'fast', qos: 1, refresh: false }, () => void log.push('fast'));
  const slow = [subscriptions.dispatch(message('slow/1')), subscriptions.dispatch(message('slow/2'))];
  await subscriptions.dispatch(message('fast'));
  expect(log).toEqual(['begin slow/1', 'fast']);
  release();
  await Promise.all(slow);
  expect(log.slice(2)).toEqual(['end slow/1', 'begin slow/2', 'end slow/2']);
});

test('a flood of messages leaves turns of the event loop to other work', async () => {
  let handled = 0;
  const oneMsEach = { monotonic: () => handled };
  const subscriptions = new Subscriptions(silentLogger(), oneMsEach);
  subscriptions.add({ filter: 'a', qos: 1, refresh: false }, () => {
    handled += 1;
  });
  const all = Promise.all(Array.from({ length: 100 }, () => subscriptions.dispatch(message('a'))));
  await new Promise((resolve) => setImmediate(resolve));
  expect(handled).toBeGreaterThan(0);
  expect(handled).toBeLessThan(20);
  await all;
  expect(handled).toBe(100);
});

test('only a handler that asks for it gets the message again', async () => {
  const subscriptions = new Subscriptions(silentLogger(), new FakeClock());
  subscriptions.add({ filter: 'a', qos: 1, refresh: false }, () => {
    throw new Error('bug');
  });
  subscriptions.add({ filter: 'b', qos: 1, refresh: false }, () => {
    throw new RedeliverError('disk full');
  });
  expect(await subscriptions.dispatch(message('a'))).toBe(true);
  expect(await subscriptions.dispatch(message('b'))).toBe(false);
  expect(await subscriptions.dispatch(message('b', '1', 0))).toBe(true);
});

test('QoS 0 messages beyond a thousand waiting ones are dropped, which is logged; QoS 1 messages never', async () => {
  const { logger, lines } = captureLogger();
  const subscriptions = new Subscriptions(logger, new FakeClock());
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let handled = 0;
  subscriptions.add({ filter: '#', qos: 0, refresh: false }, async () => {
    await held;
    handled += 1;
  });
  const all = Array.from({ length: 1005 }, () => subscriptions.dispatch(message('a', '1', 0)));
  all.push(subscriptions.dispatch(message('a', '1', 1)));
  release();
  await Promise.all(all);
  expect(handled).toBe(1001);
  expect(lines.map((line) => line.event)).toEqual(['mqtt_messages_dropped']);
});

test('the higher quality of service of two handlers counts, and remove forgets both', () => {
  const subscriptions = new Subscriptions(silentLogger(), new FakeClock());
  subscriptions.add({ filter: 'a', qos: 1, refresh: false }, () => {});
  subscriptions.add({ filter: 'a', qos: 0, refresh: false }, () => {});
  expect(subscriptions.list()).toEqual([expect.objectContaining({ filter: 'a', qos: 1 })]);
  subscriptions.remove('a');
  expect(subscriptions.list()).toEqual([]);
});

test('an overlapping subscription begins messages in order and does not wait for the disk after each one', async () => {
  const subscriptions = new Subscriptions(silentLogger(), new FakeClock());
  const begun: string[] = [];
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const entry = { filter: 'a', qos: 1, refresh: false } as const;
  const handler = async ({ payload }: BusMessage): Promise<void> => {
    begun.push(payload.toString());
    await held;
  };
  subscriptions.add(entry, handler, true);
  const texts = Array.from({ length: 100 }, (_, index) => String(index));
  const all = Promise.all(texts.map((text) => subscriptions.dispatch(message('a', text))));
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toEqual(texts);
  release();
  expect(await all).not.toContain(false);
});
