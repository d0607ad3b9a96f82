import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { captureLogger, collect, connectBus, eventually, freePort, silentLogger, startBroker } from '@vigilia/testing';
import { createBackoff } from './backoff.ts';
import type { EmbeddedBroker } from './embedded-broker.ts';
import { createBus } from './mqtt.ts';

describe('the bus with the embedded broker', () => {
  let broker: EmbeddedBroker;
  beforeAll(async () => {
    broker = await startBroker();
  });
  afterAll(() => broker.stop());

  test('a broker that refuses MQTT 5 gets 3.1.1, and no warning is logged', async () => {
    const { logger, lines } = captureLogger();
    const bus = createBus({ url: broker.url, clientId: 'a', logger });
    await bus.start();
    expect(bus.protocolVersion).toBe(4);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ event: 'mqtt_connected', component: 'mqtt', protocol_version: 4, client_id: 'a' });
    await bus.stop();
  });

  test('what is published arrives as it was meant: JSON, text, bytes, an empty retained message', async () => {
    const bus = await connectBus(broker.url);
    const seen = await collect(bus, 'kinds/+');
    await bus.publish('kinds/json', { a: [1] }, { retain: true });
    await bus.publish('kinds/text', 'as it is');
    await bus.publish('kinds/bytes', Buffer.from([0, 255]), { qos: 0 });
    await bus.publish('kinds/json', '', { retain: true });
    await seen.next((message) => message.topic === 'kinds/json' && message.payload.length === 0);
    expect(seen.messages.map((message) => message.payload)).toEqual([
      Buffer.from('{"a":[1]}'),
      Buffer.from('as it is'),
      Buffer.from([0, 255]),
      Buffer.alloc(0),
    ]);
    const late = await connectBus(broker.url);
    const afterwards = await collect(late, 'kinds/+');
    await late.publish('kinds/end', 1);
    await afterwards.next();
    expect(afterwards.messages.map((message) => message.topic)).toEqual(['kinds/end']);
    await Promise.all([bus.stop(), late.stop()]);
  });

  test('the will is published when the client vanishes, and not when it stops in order', async () => {
    const watcher = await connectBus(broker.url);
    const wills = await collect(watcher, 'will/+');
    const polite = await connectBus(broker.url, 'polite', { will: { topic: 'will/polite', payload: 'offline' } });
    await polite.stop();
    const lost = await connectBus(broker.url, 'lost', {
      will: { topic: 'will/lost', payload: { status: 'offline' }, retain: true },
    });
    // the same id again: the broker ends the first connection, which is how a vanished client looks to it
    const usurper = await connectBus(broker.url, 'lost');
    expect((await wills.next()).topic).toBe('will/lost');
    await Promise.all([lost.stop(), usurper.stop(), watcher.stop()]);
  });

  test('on 3.1.1 two clients with one id push each other out until a service reports proof, and that one stays away', async () => {
    const told: string[] = [];
    const twin = (name: string) =>
      createBus({
        url: broker.url,
        clientId: 'twin',
        logger: silentLogger(),
        backoff: createBackoff({ minMs: 10, maxMs: 50 }),
        onTakenOver: () => void told.push(name),
      });
    const [first, second] = [twin('first'), twin('second')];
    let drops = 0;
    first.onDisconnect(() => {
      drops += 1;
    });
    await first.start();
    await second.start();
    await eventually(() => expect(drops).toBeGreaterThan(4));
    expect(told).toEqual([]);
    first.takenOver();
    await eventually(() => expect(second.connected).toBe(true));
    expect(told).toEqual(['first']);
    expect(first.connected).toBe(false);
    await Promise.all([first.stop(), second.stop()]);
  });

  test('a handler that throws is logged; the next message is handled', async () => {
    const { logger, lines } = captureLogger();
    const bus = await connectBus(broker.url, undefined, { logger });
    const good: unknown[] = [];
    await bus.subscribe('fragile', (message) => void good.push(message.json()));
    await bus.publish('fragile', '{');
    await bus.publish('fragile', 2);
    await eventually(() => expect(good).toEqual([2]));
    expect(lines.filter((line) => line.event === 'mqtt_handler_failed')).toHaveLength(1);
    await bus.stop();
  });

  test('after unsubscribe nothing comes any more', async () => {
    const bus = await connectBus(broker.url);
    let count = 0;
    await bus.subscribe('a/#', () => {
      count += 1;
    });
    await bus.publish('a/1', 1);
    await eventually(() => expect(count).toBe(1));
    await bus.unsubscribe('a/#');
    const end = await collect(bus, 'end');
    await bus.publish('a/2', 1);
    await bus.publish('end', 1);
    await end.next();
    expect(count).toBe(1);
    await bus.stop();
  });

  test('stop sends what waits, is idempotent, and later publishes are refused without harm', async () => {
    const watcher = await connectBus(broker.url);
    const seen = await collect(watcher, 'farewell');
    const bus = await connectBus(broker.url);
    void bus.publish('farewell', 'offline');
    await Promise.all([bus.stop(), bus.stop()]);
    expect((await seen.next()).payload.toString()).toBe('offline');
    void bus.publish('farewell', 'too late');
    await expect(bus.publish('farewell', 'too late')).rejects.toMatchObject({ code: 'stopped' });
    await expect(bus.subscribe('x', () => {})).rejects.toMatchObject({ code: 'stopped' });
    await watcher.stop();
  });
});

describe('the bus without a broker', () => {
  test('waits for one to come, logs it once, and connects when it does', async () => {
    const port = await freePort();
    const { logger, lines } = captureLogger();
    const backoff = createBackoff({ minMs: 20, maxMs: 50 });
    const bus = createBus({ url: `mqtt://user:hunter2@127.0.0.1:${port}`, clientId: 'early', logger, backoff });
    const seen: unknown[] = [];
    await bus.subscribe('state', (message) => void seen.push(message.json()));
    const queued = bus.publish('state', 1);
    const started = bus.start();
    await eventually(() => expect(backoff.attempts).toBeGreaterThan(20));
    expect(lines.map((line) => line.event)).toEqual(['mqtt_unreachable']);
    const broker = await startBroker({ port });
    await started;
    await queued;
    await eventually(() => expect(seen).toEqual([1]));
    expect(lines.at(-1)).toMatchObject({ event: 'mqtt_connected', failed_attempts: expect.any(Number) });
    expect(JSON.stringify(lines)).not.toContain('hunter2');
    await bus.stop();
    await broker.stop();
  });

  test('a start that is aborted ends at once', async () => {
    const bus = createBus({ url: `mqtt://127.0.0.1:${await freePort()}`, clientId: 'a', logger: silentLogger() });
    const abort = new AbortController();
    const started = bus.start(abort.signal);
    abort.abort(new Error('enough'));
    await expect(started).rejects.toThrow('enough');
    await bus.stop();
  });

  test('the offline queue is bounded: the oldest goes, and its sender learns it', async () => {
    const bus = createBus({
      url: 'mqtt://127.0.0.1:1',
      clientId: 'a',
      logger: silentLogger(),
      bounds: { answer: { messages: 2, bytes: 1000 } },
    });
    const first = bus.publish('q', 1);
    void bus.publish('q', 2);
    void bus.publish('q', 3);
    await expect(first).rejects.toMatchObject({ code: 'queue_full' });
    await expect(bus.publish('q', 4, { qos: 0 })).resolves.toBeUndefined();
    await bus.stop();
  });

  test('a broker that forgot everything (restart with empty memory) gets the subscriptions again', async () => {
    const first = await startBroker();
    const bus = await connectBus(first.url, 'keeper', { clean: false });
    const seen = await collect(bus, 'again');
    const order: string[] = [];
    bus.onDisconnect(() => void order.push('disconnect'));
    bus.onConnect(async () => {
      order.push('connect');
      await bus.publish('again', 'after reconnect');
    });
    await first.stop();
    const second = await startBroker({ port: first.port });
    expect((await seen.next()).payload.toString()).toBe('after reconnect');
    expect(order).toEqual(['disconnect', 'connect']);
    await bus.stop();
    await second.stop();
  });

  test('stop does not wait for a broker that takes the connection and does not answer', async () => {
    const mute = createServer();
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as AddressInfo;
    const bus = createBus({ url: `mqtt://127.0.0.1:${port}`, clientId: 'a', logger: silentLogger() });
    const started = bus.start();
    await new Promise((resolve) => mute.once('connection', resolve));
    const before = performance.now();
    await bus.stop();
    // what it must not wait for is the time that a connection may take
    expect(performance.now() - before).toBeLessThan(8000);
    await expect(started).rejects.toMatchObject({ code: 'stopped' });
    await new Promise((resolve) => mute.close(resolve));
  });

  test('a pulled cable is noticed within seconds, although we go on sending', async () => {
    const broker = await startBroker();
    const sockets: Socket[] = [];
    let pulled = false;
    const cable = createServer((near) => {
      const far = connect(broker.port, '127.0.0.1');
      sockets.push(near, far);
      near.on('data', (data) => pulled || far.write(data));
      far.on('data', (data) => pulled || near.write(data));
      near.on('error', () => {});
      far.on('error', () => {});
    });
    await new Promise<void>((resolve) => cable.listen(0, '127.0.0.1', resolve));
    const bus = await connectBus(`mqtt://127.0.0.1:${(cable.address() as AddressInfo).port}`, 'a', {
      keepaliveSeconds: 1,
    });
    const sending = setInterval(() => void bus.publish('x', 1, { qos: 0 }), 100);
    pulled = true;
    await eventually(() => expect(bus.connected).toBe(false), { timeoutMs: 20_000 });
    clearInterval(sending);
    await bus.stop();
    for (const socket of sockets) {
      socket.destroy();
    }
    await new Promise((resolve) => cable.close(resolve));
    await broker.stop();
  });

  test('an unreadable CA file is a clear mistake of the user', () => {
    const make = () => createBus({ url: 'mqtts://h', clientId: 'a', logger: silentLogger(), caFile: '/nowhere.pem' });
    expect(make).toThrow(expect.objectContaining({ name: 'UsageError', code: 'ca_file_unreadable' }));
  });
});
