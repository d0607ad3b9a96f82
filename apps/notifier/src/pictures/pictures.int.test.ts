import { writeFile } from 'node:fs/promises';
import { channels, createTopics } from '@vigilia/protocol';
import { type Bus, ChannelBus } from '@vigilia/service';
import { eventually, FakeClock, requires, silentLogger, type TempFolder, tempFolder } from '@vigilia/testing';
import { type RoleBroker, startRoleBroker } from '../../../../deploy/mosquitto/testing/start-with-roles.ts';
import { type HttpReceiver, startHttpReceiver } from '../test-support/http-receiver.ts';
import { type MailReceiver, startMailReceiver } from '../test-support/mail-receiver.ts';
import { type NotifierProcess, startNotifier } from '../test-support/notifier-process.ts';
import { sampleReplay } from '../test-support/sample-replay.ts';
import { incident } from '../test-support/samples.ts';

const topics = createTopics();

requires('mosquitto')('the picture of a fall, with the roles of the product', () => {
  let broker: RoleBroker;
  let folder: TempFolder;
  let mail: MailReceiver;
  let phone: HttpReceiver;
  let notifier: NotifierProcess;
  const connected: Bus[] = [];
  const connect = async (role: 'orchestrator' | 'processor'): Promise<ChannelBus> => {
    const bus = await broker.connect(role);
    connected.push(bus);
    return new ChannelBus({ bus, roots: topics.roots, logger: silentLogger(), clock: new FakeClock() });
  };

  beforeAll(async () => {
    [broker, folder, mail, phone] = await Promise.all([
      startRoleBroker(),
      tempFolder('pictures'),
      startMailReceiver(),
      startHttpReceiver(),
    ]);
    const nurse = `{ type: email, host: 127.0.0.1, port: ${mail.port}, security: none, from: v@house.example, to: [n@x.example] }`;
    const ward = `{ type: ntfy, server: "${phone.url}", topic: ward }`;
    await writeFile(
      folder.file('alerts.yaml'),
      `targets:\n  nurse: ${nurse}\n  ward: ${ward}\nrules: [{ severity: critical, to: [nurse, ward] }]\n`,
    );
    const flags = ['--alerts', folder.file('alerts.yaml'), '--state-dir', folder.file('state')];
    notifier = await startNotifier(flags, {
      MQTT_URL: broker.url('notifier'),
      MQTT_USERNAME: 'notifier',
      MQTT_PASSWORD: await broker.password('notifier'),
    });
  });
  afterAll(async () => {
    await notifier?.kill();
    await Promise.all(connected.map((bus) => bus.stop()));
    await Promise.all([mail?.stop(), phone?.stop(), folder?.remove()]);
    await broker?.stop();
  });

  test('follows the alarm by mail and to the phone as soon as a processor published the replay', async () => {
    const fallAt = new Date().toISOString();
    const fall = { event_id: 'fall-1', first_low_at: fallAt, alarm_at: fallAt, reported_at: fallAt };
    const opened = incident({ opened_at: fallAt, falls: [fall], person: 'down' });
    await (await connect('orchestrator')).publish(channels.incident, { incident_id: 'inc-1' }, opened);
    await eventually(() => expect([mail.mails.length, phone.requests.length]).toEqual([1, 1]));
    expect(mail.mails[0]?.headers['content-type']).toMatch(/^text\/plain/);

    await (await connect('processor')).publish(
      channels.replay,
      { incident_id: 'inc-1' },
      sampleReplay('inc-1', 2, fallAt),
    );
    await eventually(() => expect([mail.mails.length, phone.requests.length]).toEqual([2, 2]));
    const [, pictured] = mail.mails;
    expect(pictured?.headers.subject).toBe('Sketch of the fall: Mrs C (room 2)');
    expect(pictured?.text).toContain('Content-Type: image/png; name=fall.png');
    const file = phone.requests.find(({ headers }) => headers['content-type'] === 'image/png');
    expect(file?.path).toBe('/ward');
    expect(pictured?.text.replaceAll('\r\n', '')).toContain(file?.bytes.toString('base64'));
  });
});
