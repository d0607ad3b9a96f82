import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import {
  captureLogger,
  collect,
  connectBus,
  eventually,
  type Mosquitto,
  requires,
  silentLogger,
  startMosquitto,
  tempFolder,
} from '@vigilia/testing';
import { createBackoff } from './backoff.ts';
import { RedeliverError } from './bus.ts';
import { createBus } from './mqtt.ts';

/** A CONNECT packet of MQTT 3.1.1: clean session, keepalive of four seconds, client id `s`. */
const connectPacket = [0x10, 13, 0, 4, ...Buffer.from('MQTT'), 4, 2, 0, 4, 0, 1, ...Buffer.from('s')];

/** Waits until the broker has lost patience with a client of four seconds' keepalive that sends nothing more. */
async function silentClientDropped(port: number): Promise<void> {
  const silent = connect(port, '127.0.0.1').resume();
  silent.write(Buffer.from(connectPacket));
  await once(silent, 'close');
}

requires('mosquitto')('the bus with a real Mosquitto', () => {
  let broker: Mosquitto;
  beforeAll(async () => {
    broker = await startMosquitto();
  });
  afterAll(() => broker.stop());

  test('speaks MQTT 5: response topic, correlation data and expiry arrive', async () => {
    const [asker, answerer] = [await connectBus(broker.url), await connectBus(broker.url)];
    expect(asker.protocolVersion).toBe(5);
    await answerer.subscribe('ask', async (message) => {
      await answerer.publish(
        message.responseTopic ?? '',
        { ok: true },
        { correlationData: message.correlationData ?? Buffer.alloc(0) },
      );
    });
    const answers = await collect(asker, 'answer/asker');
    await asker.publish(
      'ask',
      {},
      { responseTopic: 'answer/asker', correlationData: Buffer.from([7, 8]), expirySeconds: 30 },
    );
    const answer = await answers.next();
    expect(answer.body).toEqual({ ok: true });
    expect(answer.correlationData).toEqual(Buffer.from([7, 8]));
    await Promise.all([asker.stop(), answerer.stop()]);
  });

  test('a retained message with expiry is not sent to a subscriber that comes too late', async () => {
    const bus = await connectBus(broker.url);
    await bus.publish('short', 'lived', { retain: true, expirySeconds: 8 });
    await bus.publish('lasting', 'marker', { retain: true });
    const retained = async (): Promise<string[]> => {
      const late = await connectBus(broker.url);
      const short = await collect(late, 'short');
      await (await collect(late, 'lasting')).next();
      await late.stop();
      return short.messages.map((message) => message.payload.toString());
    };
    expect(await retained()).toEqual(['lived']);
    await eventually(async () => expect(await retained()).toEqual([]), { intervalMs: 300 });
    await bus.stop();
  });

  test.each(['5', '3.1.1'] as const)(
    'a message above the broker’s packet size fails alone and nothing waits behind it (MQTT %s)',
    async (protocol) => {
      const strict = await startMosquitto({ config: ['max_packet_size 10000'] });
      const backoff = createBackoff({ minMs: 10, maxMs: 50 });
      const bus = await connectBus(strict.url, 'large', { protocol, backoff });
      const seen = await collect(bus, 'kept/+');
      const big = bus.publish('kept/big', Buffer.alloc(20_000), { retain: true });
      const behind = [1, 2, 3].map((value) => bus.publish(`kept/${value}`, value, { class: 'kept' }));
      await expect(big).rejects.toMatchObject({ code: 'too_large' });
      await Promise.all(behind);
      await seen.next((message) => message.topic === 'kept/3');
      await strict.restart();
      await eventually(() => expect(bus.connected).toBe(true));
      await expect(bus.publish('kept/big', Buffer.alloc(20_000))).rejects.toMatchObject({ code: 'too_large' });
      await bus.publish('kept/4', 4);
      await bus.stop();
      await strict.stop();
    },
  );

  test('a flood of answers neither loses nor delays an event, and is one line in the log', async () => {
    const { logger, lines } = captureLogger();
    const [bus, listener] = [await connectBus(broker.url, 'flooded', { logger }), await connectBus(broker.url)];
    const events: number[] = [];
    const delaysMs: number[] = [];
    await listener.subscribe('event', (message) => void events.push(message.json() as number));
    const end = performance.now() + 5000;
    let sent = 0;
    while (performance.now() < end) {
      for (let count = 0; count < 400; count += 1) {
        void bus.publish('answer', { ack_status: 'completed', filler: 'x'.repeat(300) });
      }
      const before = performance.now();
      void bus.publish('event', sent, { class: 'kept' }).then(() => delaysMs.push(performance.now() - before));
      sent += 1;
      // 400 answers in each of 20 turns a second: four times as many as were ever seen
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await eventually(() => expect(events).toEqual(Array.from({ length: sent }, (_, index) => index)));
    // generous for a busy machine; a queue shared with the answers holds an event up until 1,000 of them are through
    expect(delaysMs.toSorted((a, b) => a - b)[Math.floor(sent / 2)]).toBeLessThan(500);
    expect(lines.filter(({ event }) => event === 'mqtt_queue_full').length).toBeLessThanOrEqual(1);
    await eventually(() => expect(bus.health().queued).toBe(0));
    await Promise.all([bus.stop(), listener.stop()]);
  });

  test('a message is acknowledged only after its handler: a crash in between brings it again', async () => {
    const options = { url: broker.url, clientId: 'keeper', clean: false, logger: silentLogger() };
    const seen: unknown[] = [];
    const crashing = createBus(options);
    let held = (): void => {};
    await crashing.subscribe(
      'work',
      (message) =>
        new Promise((resolve) => {
          seen.push(message.json());
          held = resolve;
        }),
    );
    await crashing.start();
    const sender = await connectBus(broker.url);
    await sender.publish('work', 1);
    await sender.publish('work', 2);
    await eventually(() => expect(seen).toEqual([1]));
    await crashing.stop();
    held();
    const again = createBus(options);
    const after: unknown[] = [];
    await again.subscribe('work', (message) => void after.push(message.json()));
    await again.start();
    await eventually(() => expect(after).toEqual([1, 2]));
    await Promise.all([again.stop(), sender.stop()]);
  });

  test('a handler that asks for redelivery gets the message again', async () => {
    const bus = createBus({ url: broker.url, clientId: 'again', clean: false, logger: silentLogger() });
    const tries: boolean[] = [];
    await bus.subscribe('retry', (message) => {
      tries.push(message.dup);
      if (tries.length === 1) {
        throw new RedeliverError('disk full');
      }
    });
    await bus.start();
    const sender = await connectBus(broker.url);
    await sender.publish('retry', 1);
    await eventually(() => expect(tries).toEqual([false, true]));
    await Promise.all([bus.stop(), sender.stop()]);
  });

  test('a handler may wait for a publish of its own, and for longer than the keepalive', async () => {
    const bus = await connectBus(broker.url, 'patient', { keepaliveSeconds: 3 });
    let disconnects = 0;
    bus.onDisconnect(() => {
      disconnects += 1;
    });
    const done = await collect(bus, 'done');
    await bus.subscribe('job', async () => {
      await bus.publish('step', 1);
      await silentClientDropped(broker.port);
      await bus.publish('done', 1);
    });
    await bus.publish('job', 1);
    await done.next();
    expect(disconnects).toBe(0);
    await bus.stop();
  });

  test('rename: the new id and will count, the old will is never published', async () => {
    const watcher = await connectBus(broker.url);
    const wills = await collect(watcher, 'state/+');
    const bus = await connectBus(broker.url, 'old', { will: { topic: 'state/old', payload: 'offline' } });
    await bus.reconnect({ clientId: 'new', will: { topic: 'state/new', payload: { status: 'offline' } } });
    expect(bus.clientId).toBe('new');
    const usurper = await connectBus(broker.url, 'new', {});
    const will = await wills.next();
    expect([will.topic, will.body]).toEqual(['state/new', { status: 'offline' }]);
    expect(wills.messages).toHaveLength(1);
    await Promise.all([bus.stop(), usurper.stop(), watcher.stop()]);
  });
});

requires('mosquitto')('the bus with a guarded Mosquitto', () => {
  test('wrong credentials: one clear line, and it goes on trying', async () => {
    const broker = await startMosquitto({ config: ['allow_anonymous false'] });
    const { logger, lines } = captureLogger();
    const backoff = createBackoff({ minMs: 20, maxMs: 50 });
    const bus = createBus({ url: broker.url, clientId: 'x', username: 'u', password: 'hunter2', logger, backoff });
    const started = bus.start();
    await eventually(() => expect(lines.find((line) => line.event === 'mqtt_refused')).toBeDefined());
    await eventually(() => expect(backoff.attempts).toBeGreaterThan(5));
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain('hunter2');
    await bus.stop();
    await expect(started).rejects.toMatchObject({ code: 'stopped' });
    await broker.stop();
  });

  test('a publish that the access rules forbid is refused', async () => {
    await using folder = await tempFolder('acl');
    await writeFile(folder.file('acl'), 'topic readwrite open/#\n', { mode: 0o600 });
    const broker = await startMosquitto({ config: [`acl_file ${folder.file('acl')}`] });
    const bus = await connectBus(broker.url);
    await expect(bus.publish('closed/a', 1)).rejects.toMatchObject({ code: 'refused' });
    await expect(bus.publish('open/a', 1)).resolves.toBeUndefined();
    await bus.stop();
    await broker.stop();
  });
});

requires('mosquitto')('the bus over a broker crash', () => {
  test('queues while the broker is offline, comes back, subscribes again and sends in order', async () => {
    const broker = await startMosquitto();
    const { logger, lines } = captureLogger();
    const backoff = createBackoff({ minMs: 20, maxMs: 50 });
    const bus = await connectBus(broker.url, 'survivor', { logger, clean: false, backoff });
    const echo = await collect(bus, 'echo');
    let connects = 0;
    bus.onConnect(() => {
      connects += 1;
    });
    await broker.kill();
    await eventually(() => expect(bus.connected).toBe(false));
    const sent = [1, 2, 3].map((value) => bus.publish('echo', value));
    await bus.publish('echo', 'lost', { qos: 0 });
    await eventually(() => expect(backoff.attempts).toBeGreaterThan(10));
    expect(lines.filter((line) => line.event === 'mqtt_unreachable')).toHaveLength(1);
    await broker.restart();
    await Promise.all(sent);
    await echo.next((message) => message.json() === 3);
    expect(echo.messages.map((message) => message.json())).toEqual([1, 2, 3]);
    expect(connects).toBe(1);
    await bus.stop();
    await broker.stop();
  });
});
