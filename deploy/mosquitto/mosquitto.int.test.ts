import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  type Channel,
  channels,
  createTopics,
  type EventType,
  eventTypes,
  eventWriters,
  filterOf,
} from '@vigilia/protocol';
import { type Bus, BusError } from '@vigilia/service';
import { eventually, requires } from '@vigilia/testing';
import { homes, people, type Role, type RoleBroker, startRoleBroker } from './testing/start-with-roles.ts';

const topics = createTopics('nvr');
const self = 'processor-a';

/** Topics of a channel with example places; a processor's own and another's, and every type of event. */
function topicsOf(channel: Channel): string[] {
  const topic = filterOf(channel, topics.roots);
  if (channel.name === 'event') return eventTypes.map((type) => topics.event(type));
  if (channel.pattern.includes('{instance_id}')) return [self, 'other'].map((id) => topic.replace('+', id));
  return [topic.replace('+', '2')];
}

const table = Object.values(channels) as readonly Channel[];
/** Topics that no channel has. */
const foreign = ['nvr/else', 'nvr/control/commands/x', 'nvr/orchestrator/x', 'homeassistant/x', '$SYS/broker/uptime'];
const everyTopic = [...new Set([...table.flatMap(topicsOf), 'nvr/replies/a/b', ...foreign])];

/** What the table of channels grants a role. */
function mayWrite(role: Role): Set<string> {
  const granted = new Set<string>();
  for (const channel of table) {
    for (const topic of topicsOf(channel)) {
      const type = topic.slice(topic.lastIndexOf('/') + 1) as EventType;
      const writers = channel.name === 'event' ? eventWriters(type) : channel.writers;
      const isOwn = role !== 'processor' || !topic.includes('/other') || !channel.pattern.includes('{instance_id}');
      if (writers.includes(role) && isOwn) {
        granted.add(topic);
      }
    }
    if (channel.name === 'replies' && channel.writers.includes(role)) {
      granted.add('nvr/replies/a/b');
    }
  }
  // `ack` is not the name of a processor, so the rule for statuses reaches the shared copy of all answers
  if (role === 'orchestrator') {
    granted.add(topics.ackShared);
  }
  return granted;
}

function mayRead(role: Role): Set<string> {
  const granted = new Set<string>();
  for (const channel of table.filter(({ readers }) => readers.includes(role))) {
    for (const topic of topicsOf(channel)) {
      granted.add(topic);
    }
    if (channel.name === 'replies') {
      granted.add('nvr/replies/a/b');
    }
  }
  if (role === 'processor') {
    granted.add(topics.ackShared);
  }
  return granted;
}

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
    for (const topic of everyTopic) {
      if (await accepted(bus, topic)) {
        written.push(topic);
      }
    }
    expect(written.sort()).toEqual([...mayWrite(role)].sort());
  });

  test.each(roles)('%s sees what it must and nothing else', async (role) => {
    const bus = keep(await broker.connect(role, role === 'processor' ? 'processor-b' : undefined));
    const seen = new Set<string>();
    await bus.subscribe('#', ({ topic }) => void seen.add(topic));
    const published = everyTopic.filter((topic) => !topic.startsWith('$'));
    for (const topic of published) {
      await unbound.publish(topic, { from: 'unbound' });
    }
    // the broker answers a subscription after what it had for this client before
    await bus.subscribe('nvr/barrier', () => undefined);
    const ownStatus = topics.status('processor-b');
    expect([...seen].filter((topic) => topic !== ownStatus).sort()).toEqual([...mayRead(role)].sort());
  });

  test('a processor with its shipped role learns that a fall was resolved', async () => {
    const bus = keep(await broker.connect('processor', 'processor-b'));
    const heard = new Promise<string>(
      (resolve) => void bus.subscribe(topics.incidentAny, ({ topic }) => resolve(topic)),
    );
    const orchestrator = keep(await broker.connect('orchestrator'));
    await eventually(async () => {
      await orchestrator.publish(topics.incident('inc-1'), { state: 'closed' }, { retain: true });
      expect(await Promise.race([heard, Promise.resolve('nothing')])).toBe(topics.incident('inc-1'));
    });
  });

  test('with the password of one processor no status, answer or metrics can be published under the name of another', async () => {
    const under = (id: string) => [topics.status(id), topics.ack(id), topics.metricsReport(id), topics.metrics(id)];
    const names = ['processor-a', 'processor-b', 'processor-a_1', 'processor-b_1', 'standby_1', 'elsewhere'];
    for (const name of ['processor-a', 'processor-b_1', 'standby_1']) {
      // The client id decides nothing: each holder of a password may choose it.
      const bus = keep(await broker.connectAs(name, `claims-to-be-${name}`));
      const published: string[] = [];
      for (const topic of names.flatMap(under)) {
        if (await accepted(bus, topic)) {
          published.push(topic);
        }
      }
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
    ['no anonymous client', undefined, undefined],
    ['no unknown user', 'guest', 'guest'],
    ['no user with a wrong password', 'operator', 'wrong'],
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
    const heard: unknown[] = [];
    await unbound.subscribe(topics.commands, (message) => void heard.push(message.json()));
    const port = new URL(broker.url('operator')).port;
    const words = ['-p', port, '-h', 'localhost', '-t', 'nvr/control/commands', '-m', '{"command": "restart"}'];
    await promisify(execFile)('mosquitto_pub', words, {
      env: { ...process.env, XDG_CONFIG_HOME: broker.secrets('operator') },
    });
    await eventually(() => expect(heard).toContainEqual({ command: 'restart' }));
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
      expect(Math.min(...saves.map(({ afterMs }) => afterMs))).toBeGreaterThan(3000);
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

/** Whether the broker took it; QoS 1 and MQTT 5, so a refusal is reported. */
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
