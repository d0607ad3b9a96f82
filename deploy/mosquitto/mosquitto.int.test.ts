import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createTopics, eventTypes } from '@vigilia/protocol';
import { type Bus, BusError } from '@vigilia/service';
import { eventually, requires } from '@vigilia/testing';
import { people, type Role, type RoleBroker, startRoleBroker } from './testing/start-with-roles.ts';

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
    const bus = keep(await broker.connect(role, role === 'processor' ? 'processor-r' : undefined));
    const seen = new Set<string>();
    await bus.subscribe('#', ({ topic }) => void seen.add(topic));
    for (const topic of told) await unbound.publish(topic, { from: 'unbound' });
    // The broker answers a subscription after what it had for this client before.
    await bus.subscribe('nvr/barrier', () => undefined);
    expect([...seen].filter((topic) => topic !== topics.status(self)).sort()).toEqual(
      mayRead[role].filter((topic) => topic !== topics.status(self)).toSorted(),
    );
  });

  test('a processor writes under its new name after it was renamed, and no longer under the old', async () => {
    const bus = keep(await broker.connect('processor', 'processor-old'));
    expect(await accepted(bus, topics.status('processor-old'))).toBe(true);
    await bus.reconnect({ clientId: 'processor-new' });
    await eventually(async () => expect(await accepted(bus, topics.status('processor-new'))).toBe(true));
    expect(await accepted(bus, topics.status('processor-old'))).toBe(false);
  });

  test('a reader who takes a processor’s client id may still not speak for it', async () => {
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
    expect(await enters(broker.url('operator'), 'processor', await broker.password('processor'))).toBe(false);
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
    const before = await Promise.all(roles.map((role) => broker.password(role)));
    expect(await broker.makeSecrets()).toBe('secrets are there');
    expect(await Promise.all(roles.map((role) => broker.password(role)))).toEqual(before);
    expect(new Set(before).size).toBe(roles.length);
    expect(before.every((secret) => /^[0-9a-f]{48}$/.test(secret))).toBe(true);
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
