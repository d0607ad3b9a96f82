import { createHomeAssistantTopics, createTopics } from '@vigilia/protocol';
import type { Bus } from '@vigilia/service';
import {
  type Collector,
  collect,
  connectBus,
  eventually,
  type Mosquitto,
  requires,
  startMosquitto,
  type TempFolder,
  tempFolder,
} from '@vigilia/testing';
import { deviceDiscoverySchema } from '../test-support/home-assistant-schema.ts';
import { type NotifierProcess, startNotifier } from '../test-support/notifier-process.ts';
import { sampleReplay } from '../test-support/sample-replay.ts';
import { at, incident, status } from '../test-support/samples.ts';

const topics = createTopics('nvr');
const own = createHomeAssistantTopics({ prefix: 'nvr', discovery: 'homeassistant' });

requires('mosquitto')('the bridge to Home Assistant', () => {
  let mosquitto: Mosquitto;
  let bus: Bus;
  let seen: Collector;
  let commands: Collector;
  let folder: TempFolder;
  let running: NotifierProcess | undefined;
  const start = async () => {
    const flags = ['--home-assistant', '--state-dir', folder.path, '--mqtt-url', mosquitto.url];
    running = await startNotifier(flags);
    return running;
  };
  /** The last payload of a topic. */
  const last = (topic: string) => seen.messages.findLast((one) => one.topic === topic)?.payload.toString('utf8');
  const toBe = (topic: string, wanted: unknown) =>
    eventually(() => expect(last(topic)).toEqual(wanted), { timeoutMs: 60_000, message: topic });
  /** For how long the broker still keeps what it retains on a topic, s. */
  const expiryOf = async (topic: string): Promise<number | undefined> => {
    const reader = await connectBus(mosquitto.url);
    const message = await (await collect(reader, topic)).next();
    await reader.stop();
    return message.expirySeconds;
  };
  const retained = (topic: string, body: unknown) => bus.publish(topic, body, { retain: true });
  const isCommand = (body: unknown, name: string) => (body as { command: string }).command === name;
  const fall = (value: string) => expect.stringContaining(`"fall":"${value}"`);

  beforeAll(async () => {
    folder = await tempFolder('home-assistant');
    mosquitto = await startMosquitto();
    bus = await connectBus(mosquitto.url);
    seen = await collect(bus, '#');
    commands = await collect(bus, topics.orchestratorCommands);
    await retained(topics.status('processor-a'), status());
    await retained(topics.orchestratorRooms, {
      rooms: { 2: { home: 'processor-a', name: 'Mrs C' } },
      updated_at: new Date().toISOString(),
      revision: 1,
    });
  });
  afterAll(async () => {
    await running?.kill();
    await bus?.stop();
    await mosquitto?.stop();
    await folder?.remove();
  });

  test('shows rooms and processors, follows a fall, passes a press on, and clears what was removed over a restart', async () => {
    const first = await start();
    await toBe(own.availability, 'online');
    await toBe(own.config(own.roomId(2)), expect.stringContaining('"name":"Mrs C"'));
    for (const topic of [own.config(own.roomId(2)), own.config(own.processorId('processor-a'))]) {
      await eventually(() => deviceDiscoverySchema.parse(JSON.parse(last(topic) ?? '')), { message: topic });
    }
    const replay_until = new Date(Date.now() + 3_600_000).toISOString();
    await retained(topics.incident('inc-1'), incident({ replay_until }));
    await toBe(own.roomState(2), fall('ON'));
    await retained(topics.replay('inc-1'), sampleReplay('inc-1', 2, at(0)));
    // the first bytes of a PNG in base64
    await toBe(own.roomPicture(2), expect.stringMatching(/^iVBORw0KGgo/));
    const expiry = await expiryOf(own.roomPicture(2));
    expect(expiry).toBeGreaterThan(3000);
    expect(expiry).toBeLessThanOrEqual(3600);
    await retained(topics.replay('inc-1'), '');
    await toBe(own.roomPicture(2), '');
    await retained(topics.replay('inc-1'), sampleReplay('inc-1', 2, at(0)));
    await toBe(own.roomPicture(2), expect.stringMatching(/^iVBORw0KGgo/));

    await bus.publish(own.acknowledge(2), 'PRESS');
    const press = await commands.next(undefined, 60_000);
    expect(press.body).toMatchObject({ command: 'acknowledge', params: { source_id: 2, by: 'Home Assistant' } });

    await retained(topics.incident('inc-1'), incident({ replay_until, person: 'down' }));
    await toBe(own.roomAttributes(2), expect.stringContaining('"person":"down"'));
    await bus.publish(own.resolve(2), 'helped');
    await toBe(own.roomEvent(2), expect.stringContaining('"event_type":"confirmation_required"'));
    await bus.publish(own.resolve(2), 'helped');
    const verdict = await commands.next(({ body }) => isCommand(body, 'resolve'), 60_000);
    expect(verdict.body).toMatchObject({ command: 'resolve', params: { outcome: 'helped', confirmed: true } });
    await bus.publish(own.drill(2), 'PRESS');
    const drill = await commands.next(({ body }) => isCommand(body, 'drill'), 60_000);
    expect(drill.body).toMatchObject({ command: 'drill', params: { source_id: 2, with_alerts: true } });

    const before = seen.messages.length;
    await bus.publish(own.birth, 'online');
    await eventually(() => {
      const again = seen.messages.slice(before).map(({ topic }) => topic);
      expect(again).toEqual(expect.arrayContaining([own.config(own.roomId(2)), own.roomState(2), own.availability]));
    });

    await first.kill();
    await toBe(own.availability, 'offline');
    // While the notifier is dead the room goes, and so does the processor; another house's device stays.
    await retained('homeassistant/device/other/config', { origin: { name: 'other' } });
    await retained(topics.incident('inc-1'), '');
    await retained(topics.orchestratorRooms, { rooms: {}, updated_at: new Date().toISOString(), revision: 2 });
    await retained(topics.status('processor-a'), '');
    const second = await start();
    await toBe(own.availability, 'online');
    const room = [own.config(own.roomId(2)), own.roomState(2), own.roomPicture(2)];
    for (const topic of [...room, own.config(own.processorId('processor-a'))]) {
      await toBe(topic, '');
    }
    expect(last('homeassistant/device/other/config')).toContain('other');
    expect(await second.stop()).toBe(0);
    await toBe(own.availability, 'offline');
  });
});
