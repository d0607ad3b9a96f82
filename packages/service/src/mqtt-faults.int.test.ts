import { randomBytes } from 'node:crypto';
import {
  captureLogger,
  eventually,
  type FakeBroker,
  type FakeBrokerOptions,
  FakeClock,
  startFakeBroker,
} from '@vigilia/testing';
import { createBackoff } from './backoff.ts';
import type { Bus, BusOptions } from './bus.ts';
import { createBus } from './mqtt.ts';
import { MAX_INBOUND_BYTES } from './mqtt-packets.ts';
import { ANSWER_TIMEOUT_MS } from './pending-answers.ts';

describe('the bus and a broker with a fault', () => {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) {
      await end();
    }
  });

  async function setup(fault: FakeBrokerOptions, options: Partial<BusOptions> = {}) {
    const broker: FakeBroker = await startFakeBroker(fault);
    const { logger, lines } = captureLogger();
    const backoff = createBackoff({ minMs: 10, maxMs: 50 });
    const bus: Bus = createBus({ url: broker.url, clientId: 'a', logger, backoff, keepaliveSeconds: 60, ...options });
    ends.push(() => broker.stop());
    ends.push(() => bus.stop());
    const cut = async (): Promise<void> => {
      const before = broker.connects.length;
      for (const client of broker.clients) {
        client.cut();
      }
      await eventually(() => expect(broker.connects.length).toBeGreaterThan(before));
      await eventually(() => expect(bus.connected).toBe(true));
    };
    const events = (name: string) => lines.filter(({ event }) => event === name);
    const published = (topic: string) => broker.publishes.filter((one) => one.topic === topic);
    return { broker, bus, lines, events, cut, published };
  }
  const versions = (broker: FakeBroker) => broker.connects.map(({ protocolVersion }) => protocolVersion);
  const small = Buffer.alloc(100);
  const large = Buffer.alloc(20_000);

  test('a broker that hangs up on MQTT 5 gets 3.1.1 at once, and first from then on', async () => {
    const { broker, bus, cut } = await setup({ hangUpOn: 5 });
    await bus.start();
    expect(bus.protocolVersion).toBe(4);
    await cut();
    expect(versions(broker)).toEqual([5, 4, 4]);
  });

  test('a broker that was replaced by one of MQTT 5 only is reached again', async () => {
    const { broker, bus, cut } = await setup({ hangUpOn: 5 });
    await bus.start();
    broker.options.hangUpOn = 4;
    await cut();
    expect(bus.protocolVersion).toBe(5);
  });

  test.each([
    ['3.1.1', 4],
    ['5', 5],
  ] as const)('with the protocol set to %s no other is tried', async (protocol, version) => {
    const { broker, bus } = await setup({ hangUpOn: version }, { protocol });
    const started = bus.start();
    started.catch(() => {});
    await eventually(() => expect(broker.connects.length).toBeGreaterThan(3));
    expect(new Set(versions(broker))).toEqual(new Set([version]));
  });

  test('a broker that refuses everything is noticed: one log line per topic, and the service is not ready', async () => {
    const { bus, events } = await setup({ pubackCode: 0x87, subackCode: 0x87 });
    await bus.start();
    expect(bus.health().ok).toBe(true);
    await expect(bus.subscribe('in', () => {})).rejects.toMatchObject({ code: 'refused' });
    for (const topic of ['a', 'a', 'b']) {
      await expect(bus.publish(topic, 1)).rejects.toMatchObject({ code: 'refused' });
    }
    expect(events('mqtt_publish_refused').map(({ topic, reason }) => [topic, reason])).toEqual([
      ['a', 'not authorized (0x87)'],
      ['b', 'not authorized (0x87)'],
    ]);
    expect(bus.health()).toMatchObject({
      ok: false,
      connected: true,
      refusedPublishes: 3,
      refusedTopics: ['a: not authorized (0x87)', 'b: not authorized (0x87)'],
      refusedSubscriptions: ['in: not authorized (0x87)'],
    });
  });

  test('a subscription that a cluster refused while it chose a leader is requested again', async () => {
    const clock = new FakeClock();
    const { broker, bus } = await setup({ subackCode: 0x80 }, { clock });
    await bus.start();
    await expect(bus.subscribe('in', () => {})).rejects.toMatchObject({ code: 'refused' });
    delete broker.options.subackCode;
    await clock.advance(9999);
    expect(bus.health().refusedSubscriptions).toHaveLength(1);
    await clock.advance(1);
    await eventually(() => expect(bus.health().refusedSubscriptions).toEqual([]));
  });

  test('the service is ready again when the broker takes its messages', async () => {
    const { broker, bus } = await setup({ pubackCode: 0x87 });
    await bus.start();
    await expect(bus.publish('a', 1)).rejects.toMatchObject({ code: 'refused' });
    expect(bus.health().ok).toBe(false);
    broker.options.pubackCode = 0;
    await bus.publish('a', 1);
    expect(bus.health().ok).toBe(true);
  });

  test('a refused copy to a topic that another client chose leaves the service ready', async () => {
    const { bus } = await setup({ pubackCode: 0x87 });
    await bus.start();
    await expect(bus.publish('x', 1, { chosenByPeer: true })).rejects.toMatchObject({ code: 'refused' });
    expect(bus.health()).toMatchObject({ ok: true, refusedPublishes: 1 });
  });

  test('a message above the announced packet size fails alone, and is never sent, also after a reconnect', async () => {
    const { bus, published, cut, events } = await setup({ maxPacketBytes: 10_000 });
    const first = bus.publish('big', large, { retain: true });
    const second = bus.publish('big', large, { class: 'answer' });
    const behind = [bus.publish('small', small, { class: 'kept' }), bus.publish('small', small)];
    await bus.start();
    await expect(first).rejects.toMatchObject({
      code: 'too_large',
      message: expect.stringMatching(/big has 20\d\d\d bytes.*10000/),
    });
    await expect(second).rejects.toMatchObject({ code: 'too_large' });
    await Promise.all(behind);
    await cut();
    await bus.publish('small', small);
    expect(published('big')).toEqual([]);
    expect(events('mqtt_message_too_large')).toHaveLength(1);
    expect(events('mqtt_disconnected')).toHaveLength(1);
  });

  test('with 3.1.1 the limit is learned: the large message fails, what is behind it arrives in order, nothing blocks', async () => {
    const { broker, bus, published, events } = await setup({ maxPacketBytes: 10_000 }, { protocol: '3.1.1' });
    await bus.start();
    await bus.publish('small', 'before');
    const first = bus.publish('big', large, { retain: true });
    const behind = ['1', '2', '3'].map((text) => bus.publish('small', text, { class: 'kept' }));
    await expect(first).rejects.toMatchObject({ code: 'too_large' });
    await Promise.all(behind);
    expect(published('big')).toHaveLength(3);
    expect(broker.clients.size).toBe(1);
    await expect(bus.publish('big', large)).rejects.toMatchObject({ code: 'too_large' });
    await bus.publish('big', Buffer.alloc(30_000), { qos: 0 });
    await bus.publish('small', 'after');
    expect(published('big')).toHaveLength(3);
    expect(events('mqtt_packet_limit_learned')).toHaveLength(1);
    expect(bus.health()).toMatchObject({ ok: true, queued: 0 });
  });

  test('with 3.1.1 a detection or snapshot that is too large does not end connections for ever', async () => {
    const { broker, bus } = await setup({ maxPacketBytes: 10_000 }, { protocol: '3.1.1' });
    await bus.start();
    const sending = setInterval(() => void bus.publish('picture', large, { qos: 0 }), 20);
    await eventually(() => expect(bus.health().tooLarge).toBeGreaterThan(0));
    const connects = broker.connects.length;
    await bus.publish('small', small);
    expect(broker.connects.length).toBe(connects);
    clearInterval(sending);
  });

  test.each(['5', '3.1.1'] as const)(
    'lines that drop within seconds are neither a take-over nor a too large message (MQTT %s)',
    async (protocol) => {
      const taken: string[] = [];
      const { broker, bus, published, events } = await setup(
        { onPublish: () => dropping },
        { protocol, onTakenOver: () => void taken.push('taken') },
      );
      let dropping = true;
      const status = bus.publish('status', large, { retain: true });
      await bus.start();
      const cutting = setInterval(() => {
        for (const client of broker.clients) {
          client.cut();
        }
      }, 50);
      await eventually(() => expect(events('mqtt_disconnected').length).toBeGreaterThan(8));
      clearInterval(cutting);
      dropping = false;
      for (const client of broker.clients) {
        client.cut();
      }
      await status;
      expect(taken).toEqual([]);
      expect(published('status').length).toBeGreaterThan(1);
      expect(bus.health()).toMatchObject({ connected: true, tooLarge: 0 });
    },
  );

  test('only the reason code for it, or the service itself, ends the bus as taken over', async () => {
    const taken: string[] = [];
    const { broker, bus, events } = await setup({}, { onTakenOver: () => void taken.push('taken') });
    await bus.start();
    const [client] = broker.clients;
    client?.send({ cmd: 'disconnect', reasonCode: 0x8e });
    client?.cut();
    await eventually(() => expect(taken).toEqual(['taken']));
    await expect(bus.publish('a', 1)).rejects.toMatchObject({ code: 'stopped' });
    expect(events('mqtt_taken_over')).toHaveLength(1);
    expect(broker.connects).toHaveLength(1);
  });

  test('a service that was notified of its double leaves without another message', async () => {
    const taken: string[] = [];
    const { broker, bus } = await setup({}, { onTakenOver: () => void taken.push('taken') });
    await bus.start();
    bus.takenOver();
    await expect(bus.publish('status', 'offline')).rejects.toMatchObject({ code: 'stopped' });
    await bus.stop();
    bus.takenOver();
    expect(taken).toEqual(['taken']);
    expect(broker.publishes).toEqual([]);
  });

  test('bytes that are not MQTT end the connection and never the process', async () => {
    const { broker, bus, cut } = await setup({});
    await bus.start();
    const malformed = [
      ...Array.from({ length: 30 }, (_, index) => randomBytes(1 + index * 7)),
      Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0xff]),
      Buffer.from([0x32, 2, 0xff, 0xff]),
      Buffer.from([0x32, 3, 0, 1, 0x61]),
      Buffer.from([0x20, 3, 0, 0, 0]),
      Buffer.from([0x40, 1, 0]),
      Buffer.from([0x90, 2, 0, 1]),
      Buffer.from([0x34, 6, 0, 1, 0x61, 0, 1, 0]),
      Buffer.from([0x30, 6, 0, 1, 0x61, 2, 0xff, 0]),
      Buffer.from([0, 0]),
      Buffer.from([0xf0, 0]),
    ];
    for (const bytes of malformed) {
      for (const client of broker.clients) {
        client.write(bytes);
      }
      await cut();
    }
    await bus.publish('still', 'here');
  });

  test('with 3.1.1 a message of any size is acknowledged and passed over, and the next one is read', async () => {
    const { broker, bus, events } = await setup({}, { protocol: '3.1.1' });
    const seen: string[] = [];
    await bus.subscribe('#', ({ payload }) => void seen.push(payload.toString()));
    await bus.start();
    const [client] = broker.clients;
    const huge = Buffer.alloc(MAX_INBOUND_BYTES + 1);
    client?.send({ cmd: 'publish', topic: 'huge', payload: huge, qos: 1, messageId: 7, dup: false, retain: false });
    client?.send({ cmd: 'publish', topic: 'next', payload: 'x', qos: 1, messageId: 8, dup: false, retain: false });
    await eventually(() => expect(seen).toEqual(['x']));
    await eventually(() => expect(broker.pubacks).toEqual([7, 8]));
    expect(events('mqtt_message_skipped')).toHaveLength(1);
  });

  test('the broker’s Receive Maximum is respected', async () => {
    const held: (() => void)[] = [];
    const { broker, bus } = await setup({
      receiveMaximum: 3,
      onPublish: ({ messageId = 0 }, client) => {
        held.push(() => client.send({ cmd: 'puback', messageId, reasonCode: 0 }));
        return true;
      },
    });
    await bus.start();
    const all = Array.from({ length: 20 }, (_, index) => bus.publish('t', index));
    for (let done = 0; done < 20; done += 1) {
      await eventually(() => expect(held.length).toBeGreaterThan(0));
      expect(held.length).toBeLessThanOrEqual(3);
      held.shift()?.();
    }
    await Promise.all(all);
    expect(broker.publishes).toHaveLength(20);
  });

  test('topics and payloads that no broker takes are rejected, and end no connection', async () => {
    const { broker, bus } = await setup({});
    await bus.start();
    for (const topic of ['', 'a/#', 'a/+', 'x'.repeat(70_000), 'a\0']) {
      await expect(bus.publish(topic, 1)).rejects.toMatchObject({ code: 'invalid' });
      await expect(bus.publish('a', 1, { responseTopic: topic })).rejects.toMatchObject({ code: 'invalid' });
    }
    await expect(bus.subscribe('a#', () => {})).rejects.toMatchObject({ code: 'invalid' });
    await expect(bus.publish('a', 1n)).rejects.toMatchObject({ code: 'invalid' });
    await expect(bus.publish('a', 1, { correlationData: Buffer.alloc(70_000) })).rejects.toMatchObject({
      code: 'invalid',
    });
    await bus.publish('a', 1);
    expect(broker.connects).toHaveLength(1);
  });

  describe('a broker that leaves a packet unanswered', () => {
    const unanswered = (lines: readonly Record<string, unknown>[]) =>
      lines.filter(({ event }) => event === 'mqtt_disconnected').map(({ error }) => (error as Error).message);
    const message = 'the broker left a packet unanswered for 20 s';

    async function setupWithClock(fault: FakeBrokerOptions) {
      const clock = new FakeClock();
      const parts = await setup(fault, { clock });
      /** Lets time pass until the bus is connected again. */
      const reconnected = () =>
        eventually(async () => {
          await clock.advance(50);
          expect(parts.broker.connects).toHaveLength(2);
          expect(parts.bus.connected).toBe(true);
        });
      return { ...parts, clock, reconnected };
    }

    test('is left after 20 s, with one log line, and a service that starts is not kept waiting for ever', async () => {
      const { broker, bus, clock, lines, reconnected } = await setupWithClock({ ignores: 'subscribe' });
      void bus.subscribe('a', () => {});
      const started = bus.start();
      await eventually(() => expect(broker.requests).toHaveLength(1));
      await clock.advance(ANSWER_TIMEOUT_MS - 1);
      expect(unanswered(lines)).toEqual([]);
      delete broker.options.ignores;
      await clock.advance(1);
      await reconnected();
      await started;
      expect(unanswered(lines)).toEqual([message]);
    });

    test.each<[string, FakeBrokerOptions, (bus: Bus) => Promise<void>]>([
      ['UNSUBSCRIBE', { ignores: 'unsubscribe' }, (bus) => bus.unsubscribe('a')],
      ['PUBLISH', { onPublish: () => true }, (bus) => bus.publish('a', 1)],
    ])('is left after 20 s without an answer to %s', async (_, fault, send) => {
      const { broker, bus, clock, lines, reconnected } = await setupWithClock(fault);
      await bus.start();
      const sent = send(bus);
      await eventually(() => expect(broker.requests.length + broker.publishes.length).toBe(1));
      delete broker.options.onPublish;
      await clock.advance(ANSWER_TIMEOUT_MS);
      await reconnected();
      await sent;
      expect(unanswered(lines)).toEqual([message]);
    });
  });
});
