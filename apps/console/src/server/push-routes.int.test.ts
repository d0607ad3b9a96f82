import { createECDH, randomBytes } from 'node:crypto';
import { createTopics, pushSubscriptionIdOf } from '@vigilia/protocol';
import { connectBus, eventually, startBroker, type TempFolder, tempFolder } from '@vigilia/testing';
import { codeOf, consoleClient, type Signed } from '../test-support/ask-console.ts';
import { type RunningConsole, startConsole } from '../test-support/start-console.ts';
import { writeUser } from './auth/account-changes.ts';

const password = 'a long password';
const topics = createTopics();

describe('the registration of phones for alarms', () => {
  let folder: TempFolder;
  let broker: Awaited<ReturnType<typeof startBroker>>;
  let bus: Awaited<ReturnType<typeof connectBus>>;
  let running: RunningConsole;
  let ana: Signed;
  let eva: Signed;
  const published = new Map<string, Record<string, unknown> | undefined>();
  const client = consoleClient(() => running.url);
  const publicKey = createECDH('prime256v1').generateKeys('base64url');

  beforeAll(async () => {
    folder = await tempFolder('push-routes');
    for (const name of ['ana', 'eva']) {
      await writeUser(folder.file('users.json'), { name, display_name: name, role: 'viewer' }, password);
    }
    broker = await startBroker();
    bus = await connectBus(broker.url);
    await bus.subscribe(topics.pushSubscriptionAny, ({ topic, payload, json }) => {
      published.set(topic, payload.length === 0 ? undefined : (json() as Record<string, unknown>));
    });
    await start();
    [ana, eva] = [await client.signIn('ana', password), await client.signIn('eva', password)];
  });
  afterAll(async () => {
    await running?.stop();
    await bus?.stop();
    await broker?.stop();
    await folder?.remove();
  });
  const start = async (): Promise<void> => {
    running = await startConsole(['--users-file', folder.file('users.json'), '--mqtt-url', broker.url], folder.path);
  };
  const device = (change: object = {}) => ({
    endpoint: `https://push.house.example/${randomBytes(6).toString('hex')}`,
    keys: {
      p256dh: createECDH('prime256v1').generateKeys('base64url'),
      // some browsers pad it
      auth: `${randomBytes(16).toString('base64url')}==`,
    },
    ...change,
  });
  const devicesOf = async ({ cookie }: Signed): Promise<{ publicKey?: string; devices: { id: string }[] }> =>
    (await fetch(`${running.url}api/push`, { headers: { cookie } })).json() as never;
  const offer = () =>
    bus.publish(topics.pushSettings, { public_key: publicKey, services: ['push.house.example'] }, { retain: true });

  test('is refused as long as no notifier sends, with what to do', async () => {
    expect(await devicesOf(ana)).toEqual({ devices: [] });
    expect(await codeOf(await client.post('push/devices', device(), ana))).toBe('push_off');
    await offer();
    await eventually(async () => expect((await devicesOf(ana)).publicKey).toBe(publicKey));
  });

  test.each([
    ['without a sign-in', {}, undefined, 'signed_out'],
    ['from another page, without the session’s token', {}, 'cookie', 'wrong_token'],
    [
      'with an address in the own network',
      { endpoint: 'https://127.0.0.1:9200/_bulk' },
      'both',
      'unknown_push_service',
    ],
    ['without encryption', { endpoint: 'http://push.house.example/a' }, 'both', 'invalid_request'],
    ['with keys that are none', { keys: { p256dh: 'short', auth: 'short' } }, 'both', 'invalid_request'],
  ])('is refused %s', async (_, change, carries, code) => {
    const signed = carries === undefined ? {} : carries === 'cookie' ? { cookie: ana.cookie } : ana;
    expect(await codeOf(await client.post('push/devices', device(change), signed))).toBe(code);
  });

  test('belongs to the person who is signed in, who sees no other person’s phones', async () => {
    const own = device({ rooms: [3, 4], user: 'eva' });
    const answer = await client.post('push/devices', own, ana);
    const id = pushSubscriptionIdOf(own.endpoint);
    expect(await answer.json()).toEqual({ id, rooms: [3, 4] });
    await eventually(() =>
      expect(published.get(topics.pushSubscription(id))).toMatchObject({ user: 'ana', rooms: [3, 4], state: 'active' }),
    );
    expect((await devicesOf(ana)).devices).toEqual([{ id, rooms: [3, 4] }]);
    expect((await devicesOf(eva)).devices).toEqual([]);
    // a phone that is handed on belongs to the next person who signs in on it
    await client.post('push/devices', own, eva);
    await eventually(async () => expect((await devicesOf(eva)).devices).toHaveLength(1));
    expect((await devicesOf(ana)).devices).toEqual([]);
    await client.post('push/remove', { endpoint: own.endpoint }, eva);
    await eventually(() => expect(published.get(topics.pushSubscription(id))).toMatchObject({ state: 'removed' }));
  });

  test('is limited to ten phones per account', async () => {
    const phones = Array.from({ length: 11 }, () => device());
    const answers: (string | undefined)[] = [];
    for (const one of phones) {
      answers.push(await codeOf(await client.post('push/devices', one, eva)));
    }
    expect(answers).toEqual([...Array.from({ length: 10 }, () => undefined), 'too_many_devices']);
    for (const { endpoint } of phones) {
      await client.post('push/remove', { endpoint }, eva);
    }
  });

  test('survives a restart of the console', async () => {
    const own = device();
    await client.post('push/devices', own, ana);
    await running.stop();
    await start();
    ana = await client.signIn('ana', password);
    const id = pushSubscriptionIdOf(own.endpoint);
    await eventually(async () => expect((await devicesOf(ana)).devices).toEqual([{ id }]));
  });
});
