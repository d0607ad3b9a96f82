import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createTopics, eventTypes } from '@vigilia/protocol';
import { type Bus, BusError } from '@vigilia/service';
import { eventually, requires } from '@vigilia/testing';
import { homes, people, type Role, type RoleBroker, startRoleBroker } from './testing/start-with-roles.ts';

const topics = createTopics('nvr');
const self = 'processor-a';

/** One topic of each kind; `self` is the processor's own, `other` another's. */
const everyTopic = [
  topics.commands,
  topics.statusShared,
  topics.ackShared,
  ...[self, 'other'].flatMap((id) => [topics.status(id), topics.ack(id), topics.metricsReport(id), topics.metrics(id)]),
  topics.detections(2),
  topics.room(2),
  topics.picture(2),
  ...eventTypes.map((type) => topics.event(type)),
  topics.incident('i-1'),
  topics.orchestratorRooms,
  topics.orchestratorPolicy,
  topics.orchestratorCommands,
  topics.orchestratorStatus,
  topics.orchestratorAck,
  topics.orchestratorMarker('b-1'),
  'nvr/replies/x',
  'nvr/else',
  'nvr/home-assistant/rooms/2',
  'nvr/home-assistant/rooms/2/acknowledge',
  'homeassistant/device/d/config',
  'homeassistant/status',
  'homeassistant/x',
  '$SYS/broker/uptime',
];
const ours = everyTopic.filter((topic) => topic.startsWith('nvr/'));
const discovery = ['homeassistant/device/d/config', 'homeassistant/status'];
const told = [...ours, topics.picture(2), ...discovery];
const events = (...types: (typeof eventTypes)[number][]) => types.map((type) => topics.event(type));

const mayWrite: Record<Role, readonly string[]> = {
  processor: [
    ...[topics.status(self), topics.ack(self), topics.metricsReport(self), topics.metrics(self)],
    ...[topics.statusShared, topics.ackShared, topics.detections(2), topics.room(2), 'nvr/replies/x'],
    topics.picture(2),
    ...events('fall_suspected', 'fall_detected', 'fall_reminder', 'fall_recovered'),
    ...events('person_not_visible', 'room_blind', 'room_seen', 'command_gap'),
  ],
  orchestrator: [
    ...[topics.commands, topics.incident('i-1'), topics.orchestratorRooms, topics.orchestratorPolicy],
    ...[topics.orchestratorStatus, topics.orchestratorAck, topics.orchestratorMarker('b-1'), 'nvr/replies/x'],
    topics.orchestratorCommands,
    ...[topics.status(self), topics.status('other'), topics.metrics(self), topics.metrics('other')],
    // `ack` is no processor's name, so the copy of all answers is reached by the rule for statuses.
    topics.ackShared,
    ...events('room_released', 'room_taken', 'room_returned', 'processor_offline', 'processor_online'),
    ...events('incident_opened', 'incident_acknowledged', 'incident_closed', 'incident_refused'),
  ],
  operator: [topics.commands, topics.orchestratorCommands, ...events('fall_detected')],
  console: [topics.commands, topics.orchestratorCommands],
  notifier: [
    ...[topics.orchestratorCommands, 'homeassistant/device/d/config'],
    ...['nvr/home-assistant/rooms/2', 'nvr/home-assistant/rooms/2/acknowledge'],
  ],
  homeassistant: ['homeassistant/status', 'nvr/home-assistant/rooms/2/acknowledge'],
  sensor: events('fall_detected'),
  sink: [],
  readonly: [],
};

const mayRead: Record<Role, readonly string[]> = {
  processor: [
    ...[topics.commands, topics.status(self), topics.status('other'), topics.ackShared, topics.room(2)],
    topics.orchestratorStatus,
  ],
  orchestrator: ours,
  operator: ours,
  // pictures are for nobody else
  console: [...ours, topics.picture(2)],
  notifier: [...ours, ...discovery],
  homeassistant: [...ours.filter((topic) => topic.startsWith('nvr/home-assistant/')), ...discovery],
  sensor: [],
  sink: ours,
  readonly: ours,
};

requires('mosquitto', 'mosquitto-clients')('Mosquitto with the roles of the product', () => {
  let broker: RoleBroker;
  let unbound: Bus;
  const connected: Bus[] = [];
  const keep = (bus: Bus): Bus => {
    connected.push(bus);
    return bus;
  };
  beforeAll(async () => {
    broker = await startRoleBroker();
    unbound = keep(await broker.connectUnbound());
  });
  afterAll(async () => {
    await Promise.all(connected.map((bus) => bus.stop()));
    await broker?.stop();
  });

  const roles: Role[] = [...people, 'processor'];

  test.each(roles)('%s publishes what it must and nothing else', async (role) => {
    const bus = keep(await broker.connect(role, role === 'processor' ? self : undefined));
    const written: string[] = [];
    for (const topic of everyTopic) if (await accepted(bus, topic)) written.push(topic);
    expect(written.sort()).toEqual([...mayWrite[role]].sort());
  });

  test.each(roles)('%s sees what it must and nothing else', async (role) => {
    const bus = keep(await broker.connect(role, role === 'processor' ? 'processor-b' : undefined));
    const seen = new Set<string>();
    await bus.subscribe('#', ({ topic }) => void seen.add(topic));
    for (const topic of told) await unbound.publish(topic, { from: 'unbound' });
    // The broker answers a subscription after what it had for this client before.
    await bus.subscribe('nvr/barrier', () => undefined);
    expect([...seen].filter((topic) => topic !== topics.status(self)).sort()).toEqual(
      mayRead[role].filter((topic) => topic !== topics.status(self)).toSorted(),
    );
  });

  test('with the password of one processor no status, answer or metrics can be published under the name of another', async () => {
    const under = (id: string) => [topics.status(id), topics.ack(id), topics.metricsReport(id), topics.metrics(id)];
    const names = ['processor-a', 'processor-b', 'processor-a_1', 'processor-b_1', 'standby_1', 'elsewhere'];
    for (const name of ['processor-a', 'processor-b_1', 'standby_1']) {
      // The client id decides nothing: each holder of a password may choose it.
      const bus = keep(await broker.connectAs(name, `claims-to-be-${name}`));
      const published: string[] = [];
      for (const topic of names.flatMap(under)) if (await accepted(bus, topic)) published.push(topic);
      expect(published).toEqual(under(name));
    }
  });

  test('each home and the dedicated processors together have a password of their own', async () => {
    const passwords = await Promise.all([...homes, 'processor-a_1'].map((name) => broker.password(name)));
    expect(new Set(passwords).size).toBe(3);
    expect(await enters(broker.url('processor'), 'processor-b', passwords[0])).toBe(false);
    expect(await enters(broker.url('processor'), 'processor-a', passwords[2])).toBe(false);
    expect(await enters(broker.url('processor'), 'processor-b_8', passwords[2])).toBe(true);
  });

  test('a reader that takes a processor’s client id still cannot publish under its name', async () => {
    const bus = keep(await broker.connect('readonly', 'processor-z'));
    expect(await accepted(bus, topics.status('processor-z'))).toBe(false);
  });

  test.each([
    ['nobody anonymous', undefined, undefined],
    ['nobody unknown', 'guest', 'guest'],
    ['nobody with a wrong password', 'operator', 'wrong'],
  ])('%s gets in, at either door', async (_, username, password) => {
    for (const role of ['operator', 'processor'] as const) {
      await expect(enters(broker.url(role), username, password)).resolves.toBe(false);
    }
  });

  test('people’s passwords do not open the processors’ door, nor the other way round', async () => {
    expect(await enters(broker.url('processor'), 'operator', await broker.password('operator'))).toBe(false);
    expect(await enters(broker.url('operator'), 'processor-a', await broker.password('processor-a'))).toBe(false);
  });

  test('the commands of the README work as copied: the operator’s folder holds what mosquitto_pub reads', async () => {
    const heard = new Promise((resolve) => unbound.subscribe(topics.commands, (message) => resolve(message.json())));
    const port = new URL(broker.url('operator')).port;
    const words = ['-p', port, '-h', 'localhost', '-t', 'nvr/control/commands', '-m', '{"command": "restart"}'];
    await promisify(execFile)('mosquitto_pub', words, {
      env: { ...process.env, XDG_CONFIG_HOME: broker.secrets('operator') },
    });
    expect(await heard).toEqual({ command: 'restart' });
  });

  test('a second start keeps every secret', async () => {
    const names = [...people, ...homes, 'processor-a_1'];
    const before = await Promise.all(names.map((name) => broker.password(name)));
    expect(await broker.makeSecrets()).toBe('secrets are there');
    expect(await Promise.all(names.map((name) => broker.password(name)))).toEqual(before);
    expect(new Set(before).size).toBe(names.length);
    expect(before.every((secret) => /^[0-9a-f]{48}$/.test(secret))).toBe(true);
  });
});

requires('mosquitto')('what the shipped broker keeps and writes', () => {
  const event = (n: number) => ({ n, text: 'x'.repeat(1000) });

  test('50,000 messages for an absent event sink: bounded bytes on the disk, and bounded bytes per second', async () => {
    const broker = await startRoleBroker();
    const publisher = await broker.connectUnbound();
    try {
      const sink = await broker.connectSession('sink', 'event-sink');
      await sink.subscribe('nvr/#', () => undefined);
      await sink.stop();
      for (let n = 0; n < 50_000; n += 500) {
        const some = Array.from({ length: 500 }, (_, k) =>
          publisher.publish(topics.event('command_gap'), event(n + k)),
        );
        await Promise.all(some);
      }
      const saves = await broker.bytesPerSave(3);
      expect(Math.max(...saves.map(({ bytes }) => bytes))).toBeLessThan(40_000_000);
      expect(Math.min(...saves.map(({ afterMs }) => afterMs))).toBeGreaterThan(4500);
    } finally {
      await publisher.stop();
      await broker.stop();
    }
  });

  test('kill -9 of the broker: an incident and a waiting event that the last save holds are there again', async () => {
    const broker = await startRoleBroker();
    try {
      const sink = await broker.connectSession('sink', 'event-sink');
      await sink.subscribe('nvr/#', () => undefined);
      await sink.stop();
      const orchestrator = await broker.connect('orchestrator');
      await orchestrator.publish(topics.incident('i-1'), { state: 'open' }, { retain: true });
      await orchestrator.publish(topics.event('incident_opened'), { incident_id: 'i-1' });
      await orchestrator.stop();
      await broker.bytesPerSave(1);
      await broker.kill();
      await broker.restart();
      const heard: string[] = [];
      const again = await broker.connectSession('sink', 'event-sink', ({ topic }) => void heard.push(topic));
      await eventually(() => expect(heard).toContain(topics.event('incident_opened')));
      const reader = await broker.connect('readonly');
      const retained: string[] = [];
      await reader.subscribe('nvr/incidents/+', ({ topic }) => void retained.push(topic));
      await eventually(() => expect(retained).toEqual([topics.incident('i-1')]));
      await Promise.all([again.stop(), reader.stop()]);
    } finally {
      await broker.stop();
    }
  });
});

/** Whether the broker took it; QoS 1 and MQTT 5, so a refusal is said. */
async function accepted(bus: Bus, topic: string): Promise<boolean> {
  try {
    await bus.publish(topic, { from: 'test' });
    return true;
  } catch (error) {
    if (error instanceof BusError && error.code === 'refused') return false;
    throw error;
  }
}

/** Asked with Mosquitto's own client, which gives up at the first refusal. */
async function enters(url: string, username?: string, password?: string): Promise<boolean> {
  const credentials = username === undefined ? [] : ['-u', username, '-P', password ?? ''];
  const words = ['-h', '127.0.0.1', '-p', new URL(url).port, '-t', 'nvr/else', '-n', ...credentials];
  const refusal = await promisify(execFile)('mosquitto_pub', words).then(
    () => '',
    (error: { stderr?: string }) => error.stderr ?? 'failed',
  );
  if (refusal !== '' && !/not authorised/i.test(refusal)) throw new Error(refusal);
  return refusal === '';
}
