import { readFile, stat, writeFile } from 'node:fs/promises';
import { createTopics } from '@vigilia/protocol';
import type { Bus } from '@vigilia/service';
import { eventually, requires, type TempFolder, tempFolder } from '@vigilia/testing';
import { type RoleBroker, startRoleBroker } from '../../../../deploy/mosquitto/testing/start-with-roles.ts';
import { type NotifierProcess, startNotifier } from '../test-support/notifier-process.ts';
import {
  decryptPush,
  makePhone,
  type PushReceiver,
  startPushReceiver,
  type TestPhone,
  vapidOf,
} from '../test-support/push-receiver.ts';
import { sampleReplay } from '../test-support/sample-replay.ts';
import { acknowledged, incident } from '../test-support/samples.ts';

const topics = createTopics('nvr');

requires(
  'mosquitto',
  'openssl',
  'http-ece',
)('Web Push to phones, on the broker with the shipped roles', () => {
  let broker: RoleBroker;
  let asConsole: Bus;
  let asOrchestrator: Bus;
  let receiver: PushReceiver;
  let folder: TempFolder;
  let running: NotifierProcess | undefined;

  beforeEach(async () => {
    [broker, receiver, folder] = await Promise.all([startRoleBroker(), startPushReceiver(), tempFolder('web-push')]);
    asConsole = await broker.connect('console');
    asOrchestrator = await broker.connect('orchestrator');
    const target = `phones: { type: web_push, contact: care@house.example, services: ["${receiver.host}"], timeout_s: 100 }`;
    const rule = '{ severity: [critical, info], to: [phones] }';
    await writeFile(folder.file('alerts.yaml'), `targets:\n  ${target}\nrules:\n  - ${rule}\n`);
  });
  afterEach(async () => {
    await running?.kill();
    await Promise.all([asConsole.stop(), asOrchestrator.stop()]);
    await Promise.all([broker.stop(), receiver.stop(), folder.remove()]);
  });

  const start = async (): Promise<NotifierProcess> => {
    const files = ['--alerts', folder.file('alerts.yaml'), '--state-dir', folder.file('state')];
    const connection = ['--mqtt-url', broker.url('notifier')];
    running = await startNotifier([...files, ...connection], {
      MQTT_USERNAME: 'notifier',
      MQTT_PASSWORD_FILE: `${broker.secrets('notifier')}/password`,
      NODE_EXTRA_CA_CERTS: receiver.caFile,
    });
    return running;
  };
  const subscribe = (phone: TestPhone): Promise<void> =>
    asConsole.publish(topics.pushSubscription(phone.subscription.subscription_id), phone.subscription, {
      retain: true,
    });
  const unsubscribe = ({ subscription: { subscription_id } }: TestPhone): Promise<void> =>
    asConsole.publish(
      topics.pushSubscription(subscription_id),
      { subscription_id, state: 'removed' },
      { retain: true },
    );
  const fall = (change: Parameters<typeof incident>[0] = {}): Promise<void> => {
    const body = incident({ incident_id: 'inc-1', source_id: 2, opened_at: new Date().toISOString(), ...change });
    return asOrchestrator.publish(topics.incident(body.incident_id), body, { retain: true });
  };
  const arrived = (phone: TestPhone) => receiver.pushes.filter(({ path }) => path === phone.path);
  const messages = (phone: TestPhone) => Promise.all(arrived(phone).map((push) => decryptPush(phone, push)));
  const titles = async (phone: TestPhone) => (await messages(phone)).map(({ title }) => title);
  const welcome = 'This device receives alarms';
  const toHave = (phone: TestPhone, wanted: readonly string[]) =>
    eventually(async () => expect(await titles(phone)).toEqual(wanted), { timeoutMs: 60_000, intervalMs: 250 });

  test('a phone that subscribes receives a test message, and a fall of its room with a tag, encrypted and signed for it', async () => {
    const notifier = await start();
    const [everywhere, elsewhere] = [
      makePhone(receiver, { path: '/all' }),
      makePhone(receiver, { path: '/ward', user: 'eva', rooms: [7] }),
    ];
    await Promise.all([subscribe(everywhere), subscribe(elsewhere)]);
    await Promise.all([toHave(everywhere, [welcome]), toHave(elsewhere, [welcome])]);
    await fall();
    await toHave(everywhere, [welcome, 'Fall: Mrs C (room 2)']);
    await fall({ ...acknowledged('Eva') });
    await toHave(everywhere, [welcome, 'Fall: Mrs C (room 2)', 'Eva is on the way: Mrs C (room 2)']);

    const [, alarm, news] = await messages(everywhere);
    expect(alarm).toMatchObject({ tag: 'fall-2', alarm: true, incident_id: 'inc-1', source_id: 2, language: 'en' });
    expect(news).toMatchObject({ tag: 'fall-2', alarm: false });
    const push = arrived(everywhere)[1];
    if (push === undefined) throw new Error('no push');
    expect(push.headers).toMatchObject({ ttl: '14400', urgency: 'high', 'content-encoding': 'aes128gcm' });
    expect(push.headers.topic).toBe(arrived(everywhere)[2]?.headers.topic);
    expect(push.body.toString('latin1')).not.toContain('Mrs C');
    const { publicKey, claims } = vapidOf(push);
    expect(claims).toMatchObject({ aud: `https://${receiver.host}`, sub: 'mailto:care@house.example' });
    expect(await titles(elsewhere)).toEqual([welcome]);

    const keyFile = folder.file('state/web-push-keys.json');
    const keys = JSON.parse(await readFile(keyFile, 'utf8')) as { public_key: string; private_key: string };
    expect(keys.public_key).toBe(publicKey);
    for (const name of ['web-push-keys.json', 'web-push-subscriptions.json']) {
      expect((await stat(folder.file(`state/${name}`))).mode & 0o777).toBe(0o600);
    }
    for (const secret of [keys.private_key, everywhere.path, everywhere.subscription.keys.auth]) {
      expect(notifier.output()).not.toContain(secret);
    }
  });

  test('a fall notifies the phones of its ward and those of all wards, and no phone of another ward', async () => {
    const rooms = { 2: { home: 'processor-a', ward: '1' }, 3: { home: 'processor-a', ward: '2' } };
    const desired = { rooms, updated_at: new Date().toISOString(), revision: 1 };
    await asOrchestrator.publish(topics.orchestratorRooms, desired, { retain: true });
    await start();
    const everywhere = makePhone(receiver, { path: '/all' });
    const [first, second] = ['1', '2'].map((ward) => makePhone(receiver, { path: `/ward-${ward}`, wards: [ward] }));
    if (first === undefined || second === undefined) throw new Error('no phones');
    await Promise.all([everywhere, first, second].map(subscribe));
    await Promise.all([everywhere, first, second].map((phone) => toHave(phone, [welcome])));
    expect((await messages(second))[0]?.body).toContain('these wards reach this device: 2');
    await fall();
    await fall({ incident_id: 'inc-2', source_id: 3, room_name: 'Mr D' });
    await toHave(first, [welcome, 'Fall: Mrs C (room 2)']);
    await toHave(second, [welcome, 'Fall: Mr D (room 3)']);
    await eventually(async () => expect(await titles(everywhere)).toHaveLength(3));
  });

  test('the picture of a fall follows its alarm for the same notification, and takes no place of the alarm at the push service', async () => {
    await start();
    const phone = makePhone(receiver, { path: '/picture' });
    await subscribe(phone);
    await toHave(phone, [welcome]);
    const fallAt = new Date().toISOString();
    const falls = [{ event_id: 'fall-1', first_low_at: fallAt, alarm_at: fallAt, reported_at: fallAt }];
    await fall({ opened_at: fallAt, falls });
    await toHave(phone, [welcome, 'Fall: Mrs C (room 2)']);
    const processor = await broker.connect('processor');
    await processor.publish(topics.replay('inc-1'), sampleReplay('inc-1', 2, fallAt), { retain: true });
    await toHave(phone, [welcome, 'Fall: Mrs C (room 2)', 'Sketch of the fall: Mrs C (room 2)']);
    const [, , pictured] = await messages(phone);
    expect(pictured).toMatchObject({ tag: 'fall-2', alarm: false });
    expect(pictured?.image).toMatch(/^data:image\/webp;base64,UklGR/);
    const [, alarm, push] = arrived(phone);
    expect(push?.headers.topic).not.toBe(alarm?.headers.topic);
    expect(push?.headers.urgency).toBe('normal');
    await processor.stop();
  });

  test('phones stay subscribed through restarts of the notifier and a broker that lost its memory', async () => {
    const first = await start();
    const phone = makePhone(receiver, { path: '/kept' });
    await subscribe(phone);
    await toHave(phone, [welcome]);
    const keys = await readFile(folder.file('state/web-push-keys.json'), 'utf8');
    await first.stop();
    // what a broker without its memory looks like to every client
    await asConsole.publish(topics.pushSubscription(phone.subscription.subscription_id), '', { retain: true });
    await start();
    await fall();
    await toHave(phone, [welcome, 'Fall: Mrs C (room 2)']);
    expect(await readFile(folder.file('state/web-push-keys.json'), 'utf8')).toBe(keys);
    const retained: unknown[] = [];
    await asConsole.subscribe(topics.pushSubscriptionAny, (message) => void retained.push(message.json()));
    await eventually(
      () => expect(retained.at(-1)).toMatchObject({ subscription_id: phone.subscription.subscription_id }),
      {
        timeoutMs: 60_000,
      },
    );
  });

  test('a phone that its push service no longer knows, or whose owner turned it off, is removed for good', async () => {
    const notifier = await start();
    const [lost, off, stays] = ['/lost', '/off', '/stays'].map((path) => makePhone(receiver, { path }));
    if (lost === undefined || off === undefined || stays === undefined) throw new Error('three phones');
    for (const phone of [lost, off, stays]) {
      await subscribe(phone);
    }
    for (const phone of [lost, off, stays]) {
      await toHave(phone, [welcome]);
    }
    receiver.answers.set('/lost', 410);
    await unsubscribe(off);
    await notifier.until('push_subscription_removed');
    await fall();
    await toHave(stays, [welcome, 'Fall: Mrs C (room 2)']);
    await notifier.until('push_subscription_expired');
    await fall({ ...acknowledged('Eva') });
    await eventually(() => expect(arrived(stays)).toHaveLength(3), { timeoutMs: 60_000 });
    expect([arrived(lost).length, arrived(off).length]).toEqual([2, 1]);
    const kept = await readFile(folder.file('state/web-push-subscriptions.json'), 'utf8');
    expect(kept).toContain('/stays');
    expect(kept).not.toMatch(/lost|\/off/);
  });

  test('a push service that fails delays no other phone, and the phones that have the alarm do not receive it twice', async () => {
    const notifier = await start();
    const [good, bad] = [makePhone(receiver, { path: '/good' }), makePhone(receiver, { path: '/bad' })];
    await Promise.all([subscribe(good), subscribe(bad)]);
    await Promise.all([toHave(good, [welcome]), toHave(bad, [welcome])]);
    receiver.answers.set('/bad', 500);
    await fall();
    await toHave(good, [welcome, 'Fall: Mrs C (room 2)']);
    await notifier.until('alert_not_sent');
    receiver.answers.delete('/bad');
    await notifier.until('alert_sent');
    expect(arrived(good)).toHaveLength(2);
    expect((await titles(bad)).at(-1)).toBe('Fall: Mrs C (room 2)');
  });

  test('the phones that have the alarm receive what follows, though the push service of another phone refuses it', async () => {
    const notifier = await start();
    const [good, bad] = [makePhone(receiver, { path: '/good' }), makePhone(receiver, { path: '/bad' })];
    await Promise.all([subscribe(good), subscribe(bad)]);
    await Promise.all([toHave(good, [welcome]), toHave(bad, [welcome])]);
    receiver.answers.set('/bad', 400);
    await fall();
    await notifier.until('alert_not_sent');
    await fall({ ...acknowledged('Eva') });
    await toHave(good, [welcome, 'Fall: Mrs C (room 2)', 'Eva is on the way: Mrs C (room 2)']);
  });

  test('an address that is not a push service is never called, and the alarm that reached no phone is reported', async () => {
    const notifier = await start();
    const other = await startPushReceiver();
    try {
      await subscribe(makePhone(other, { path: '/internal' }));
      await notifier.until('push_welcome_not_sent');
      await fall();
      await notifier.until('alert_not_sent');
      const failure = notifier
        .output()
        .split('\n')
        .find((line) => line.includes('alert_not_sent'));
      expect(JSON.parse(failure ?? '{}')).toMatchObject({ target: 'phones', code: 'unknown_push_service' });
      expect(other.pushes).toEqual([]);
    } finally {
      await other.stop();
    }
  });
});
