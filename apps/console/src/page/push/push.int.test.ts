import { createECDH, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTopics, type PushPayload, pushSubscriptionIdOf } from '@vigilia/protocol';
import { connectBus, eventually, requires, startBroker, type TempFolder, tempFolder } from '@vigilia/testing';
import type { Page, Worker } from 'playwright-core';
import { writeUser } from '../../server/auth/account-changes.ts';
import { axeProblems } from '../../test-support/axe.ts';
import { startBrowser, type TestBrowser } from '../../test-support/browser.ts';
import { FakeHouse } from '../../test-support/fake-house.ts';
import { fakeRooms } from '../../test-support/fake-messages.ts';
import { screenshot } from '../../test-support/screenshot.ts';
import { buildPage, type RunningConsole, startConsole } from '../../test-support/start-console.ts';

const password = 'a long password';
/** PNG, base64. */
const onePixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==';
const topics = createTopics();
const phone = { width: 390, height: 844 };

/** A notification as the browser shows it. */
interface Shown {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  readonly renotify: boolean;
  readonly requireInteraction: boolean;
  readonly vibrate: readonly number[];
  readonly silent: boolean | null;
  readonly image: string;
  readonly actions: readonly { action: string; title: string }[];
}

requires('chromium')('alarms on a phone whose page is closed, in a browser behind the path of a reverse proxy', () => {
  let folder: TempFolder;
  let broker: Awaited<ReturnType<typeof startBroker>>;
  let page: Awaited<ReturnType<typeof buildPage>>;
  let running: RunningConsole;
  let browser: TestBrowser;
  let bus: Awaited<ReturnType<typeof connectBus>>;
  let house: FakeHouse;
  const devices = new Map<string, Record<string, unknown>>();
  const keys = createECDH('prime256v1');
  const consoleFlags = (): string[] => ['--users-file', folder.file('users.json'), '--base-path', '/house'];

  beforeAll(async () => {
    folder = await tempFolder('push-users');
    const users = folder.file('users.json');
    await writeUser(users, { name: 'vera', display_name: 'Vera Look', role: 'viewer' }, password);
    await writeUser(users, { name: 'ana', display_name: 'Ana Ruiz', role: 'nurse' }, password);
    [broker, page, browser] = await Promise.all([startBroker(), buildPage(), startBrowser()]);
    running = await startConsole([...consoleFlags(), '--mqtt-url', broker.url], page.dir);
    bus = await connectBus(broker.url);
    await bus.subscribe(topics.pushSubscriptionAny, ({ topic, json }) => void devices.set(topic, json() as never));
    const settings = { public_key: keys.generateKeys('base64url'), services: ['push.house.example'] };
    await bus.publish(topics.pushSettings, settings, { retain: true });
    house = new FakeHouse(bus, fakeRooms(4));
    await house.start();
  });
  afterAll(async () => {
    house?.stop();
    await browser?.stop();
    await running?.stop();
    await bus?.stop();
    await broker?.stop();
    await page?.remove();
    await folder?.remove();
  });

  /** A page on a phone. The browser's own push service is out of reach here, so its subscription is made up. */
  const open = async (options: Parameters<TestBrowser['open']>[1] = phone): Promise<Page> => {
    const window = await browser.open('about:blank', options);
    await window.context().grantPermissions(['notifications'], { origin: new URL(running.url).origin });
    const ecdh = createECDH('prime256v1');
    const p256dh = ecdh.generateKeys('base64url');
    const endpoint = `https://push.house.example/${randomBytes(6).toString('hex')}`;
    await window.addInitScript(makeSubscription, { endpoint, p256dh, auth: randomBytes(16).toString('base64url') });
    await window.goto(running.url);
    return window;
  };
  const signIn = async (window: Page, name: string): Promise<void> => {
    await window.fill('input[name="name"]', name);
    await window.fill('input[name="password"]', password);
    await window.click('button[type="submit"]');
    await window.waitForSelector('.tile');
  };
  const workerOf = async (window: Page): Promise<Worker> => {
    await window.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    const context = window.context();
    return context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
  };
  const payload = (change: Partial<PushPayload> = {}): PushPayload => ({
    version: 1,
    language: 'en',
    tag: 'fall-2',
    title: 'Fall: Mrs C (room 2)',
    body: 'A person has been on the floor since 15:10.',
    alarm: true,
    timestamp: '2026-01-05T15:10:00.000Z',
    source_id: 2,
    incident_id: 'inc-2',
    ...change,
  });
  /** As the browser's push service would, through its developer tools. */
  const deliver = async (window: Page, data: string): Promise<void> => {
    const tools = await window.context().newCDPSession(window);
    const found = new Promise<string>((resolve) => {
      tools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const own = registrations.find(({ isDeleted, scopeURL }) => !isDeleted && scopeURL === running.url);
        if (own !== undefined) {
          resolve(own.registrationId);
        }
      });
    });
    await tools.send('ServiceWorker.enable');
    const { origin } = new URL(running.url);
    await tools.send('ServiceWorker.deliverPushMessage', { origin, registrationId: await found, data });
    await tools.detach();
  };
  const shown = (worker: Worker): Promise<Shown[]> => worker.evaluate(readNotifications) as Promise<Shown[]>;
  const toShow = (worker: Worker, wanted: readonly Partial<Shown>[]): Promise<void> =>
    eventually(async () => expect(await shown(worker)).toEqual(wanted.map((one) => expect.objectContaining(one))), {
      timeoutMs: 30_000,
    });
  const tap = (worker: Worker, action: string): Promise<unknown> => worker.evaluate(tapNotification, action);
  const heardAcknowledge = () => house.heard.filter(({ command }) => command === 'acknowledge').at(-1);

  it('can be installed: the manifest and its icons are there, and the worker is one file', async () => {
    const manifest = (await (await fetch(`${running.url}manifest.webmanifest`)).json()) as {
      icons: { src: string; sizes: string; purpose: string }[];
    };
    for (const { src, sizes } of manifest.icons) {
      const png = Buffer.from(await (await fetch(new URL(src, running.url))).arrayBuffer());
      expect(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`).toBe(sizes);
    }
    expect(manifest.icons.map(({ sizes, purpose }) => `${purpose} ${sizes}`)).toEqual([
      'any 192x192',
      'any 512x512',
      'maskable 512x512',
    ]);
    const worker = await readFile(join(page.dir, 'service-worker.js'), 'utf8');
    expect(worker).not.toMatch(/\b(import|export)[\s{(]/);
    const window = await open();
    const tools = await window.context().newCDPSession(window);
    const { errors } = await tools.send('Page.getAppManifest');
    expect(errors).toEqual([]);
  });

  it('subscribes for the rooms of a ward, and stops when the person signs out', async () => {
    const window = await open();
    await signIn(window, 'ana');
    await window.click('.menu summary');
    await window.fill('input[name="alarm-rooms"]', 'ward');
    await window.click('[data-device="off"] button');
    await window.waitForSelector('text=Write room numbers');
    await window.fill('input[name="alarm-rooms"]', '1-2');
    await window.click('[data-device="off"] button');
    await window.waitForSelector('[data-device="on"]');
    await eventually(() =>
      expect([...devices.values()].at(-1)).toMatchObject({ state: 'active', user: 'ana', rooms: [1, 2] }),
    );
    const { endpoint } = [...devices.values()].at(-1) as { endpoint: string };
    expect([...devices.keys()].at(-1)).toBe(topics.pushSubscription(pushSubscriptionIdOf(endpoint)));
    await deliver(window, JSON.stringify(payload()));
    await window.waitForSelector('text=A message has arrived');
    expect(await axeProblems(window)).toEqual([]);
    await screenshot(window, 'phone-alarms-on-device');

    await window.reload();
    await window.waitForSelector('.tile');
    await window.click('.menu summary');
    await window.waitForSelector('[data-device="on"]');
    await eventually(async () => expect(await window.inputValue('input[name="alarm-rooms"]')).toBe('1-2'));
    await window.click('text=Sign out');
    await window.waitForSelector('.sign-in');
    await eventually(() => expect([...devices.values()].at(-1)).toMatchObject({ state: 'removed' }));
  });

  it('keeps its subscription when the notifier has forgotten the device, and takes a new one only when that did not help', async () => {
    const window = await open();
    await signIn(window, 'ana');
    await window.click('.menu summary');
    await window.click('[data-device="off"] button');
    await window.waitForSelector('[data-device="on"]');
    const { endpoint } = [...devices.values()].at(-1) as { endpoint: string };
    const topic = topics.pushSubscription(pushSubscriptionIdOf(endpoint));
    const unsubscribed = () => window.evaluate('Number(localStorage.getItem("test-unsubscribed"))');
    const forgetAndOpenAgain = async (): Promise<void> => {
      devices.delete(topic);
      await bus.publish(topic, JSON.stringify({ subscription_id: pushSubscriptionIdOf(endpoint), state: 'removed' }), {
        retain: true,
      });
      await eventually(() => expect(devices.get(topic)).toMatchObject({ state: 'removed' }));
      await window.reload();
      await window.waitForSelector('.tile');
      await window.click('.menu summary');
      await window.waitForSelector('[data-device="on"]');
      await eventually(() => expect(devices.get(topic)).toMatchObject({ state: 'active', endpoint }));
    };
    await forgetAndOpenAgain();
    expect(await unsubscribed()).toBe(0);
    await forgetAndOpenAgain();
    expect(await unsubscribed()).toBe(1);
  });

  it('shows an alarm that vibrates and stays; a later fall replaces it and calls again; news replace it in silence', async () => {
    const window = await open();
    await signIn(window, 'ana');
    const worker = await workerOf(window);
    await deliver(window, JSON.stringify(payload()));
    const alarm = {
      title: 'Fall: Mrs C (room 2)',
      tag: 'fall-2',
      renotify: true,
      requireInteraction: true,
      vibrate: [400, 150, 400, 150, 800],
      actions: [{ action: 'acknowledge', title: 'I am on my way' }],
    };
    await toShow(worker, [alarm]);
    await deliver(window, JSON.stringify(payload({ title: 'Fall again: Mrs C (room 2)' })));
    await toShow(worker, [{ ...alarm, title: 'Fall again: Mrs C (room 2)' }]);
    await deliver(window, JSON.stringify(payload({ tag: 'fall-3', source_id: 3, title: 'Fall: room 3' })));
    await eventually(async () => expect(await shown(worker)).toHaveLength(2));
    await deliver(window, JSON.stringify(payload({ title: 'Eva is on the way', alarm: false })));
    await eventually(async () =>
      expect((await shown(worker)).find(({ tag }) => tag === 'fall-2')).toMatchObject({
        title: 'Eva is on the way',
        renotify: false,
        actions: [],
      }),
    );
  });

  it('adds the picture of a fall to its alarm in silence: text and button stay as the phone shows them', async () => {
    const window = await open();
    await signIn(window, 'ana');
    const worker = await workerOf(window);
    await deliver(window, JSON.stringify(payload()));
    const alarm = { title: 'Fall: Mrs C (room 2)', requireInteraction: true, silent: false, image: '' };
    await toShow(worker, [alarm]);
    const image = `data:image/png;base64,${onePixel}`;
    const picture = payload({ title: 'Sketch of the fall', alarm: false, image });
    await deliver(window, JSON.stringify(picture));
    const actions = [{ action: 'acknowledge', title: 'I am on my way' }];
    await toShow(worker, [{ ...alarm, body: payload().body, image, actions, renotify: false, silent: true }]);
    await deliver(window, JSON.stringify(payload({ title: 'Eva is on the way', alarm: false })));
    await toShow(worker, [{ title: 'Eva is on the way', image: '', actions: [] }]);
    await deliver(window, JSON.stringify({ ...picture, tag: 'fall-9' }));
    await eventually(async () =>
      expect(await shown(worker)).toContainEqual(
        expect.objectContaining({ tag: 'fall-9', title: 'Sketch of the fall', image, actions: [], silent: true }),
      ),
    );
  });

  it('"I am on my way" acknowledges the incident with the name of the account, and replaces the alarm', async () => {
    await house.incident({ incident_id: 'inc-2', source_id: 2 });
    const window = await open();
    await signIn(window, 'ana');
    const worker = await workerOf(window);
    await deliver(window, JSON.stringify(Object.assign(payload(), { by: 'Mallory' })));
    await toShow(worker, [{ tag: 'fall-2' }]);
    await tap(worker, 'acknowledge');
    await toShow(worker, [{ title: 'You are on the way: Fall: Mrs C (room 2)', tag: 'fall-2', renotify: false }]);
    expect(heardAcknowledge()).toMatchObject({ params: { incident_id: 'inc-2', by: 'Ana Ruiz', via: 'push' } });
  });

  it('"I am on my way" of a person whose session ended, or who may not, brings the alarm back with the reason', async () => {
    const before = heardAcknowledge();
    const window = await open();
    await signIn(window, 'vera');
    const worker = await workerOf(window);
    await deliver(window, JSON.stringify(payload({ language: 'es' })));
    await toShow(worker, [{ tag: 'fall-2' }]);
    await tap(worker, 'acknowledge');
    const alarm = { title: 'Fall: Mrs C (room 2)', renotify: true, requireInteraction: true };
    await toShow(worker, [{ ...alarm, body: expect.stringMatching(/^Sin confirmar: esta cuenta/) as never }]);
    await window.context().clearCookies();
    await tap(worker, 'acknowledge');
    await toShow(worker, [{ ...alarm, body: expect.stringMatching(/^Sin confirmar: primero inicie sesión/) as never }]);
    expect(heardAcknowledge()).toBe(before);
  });

  it('a tap on the notification shows the room in the page that is open', async () => {
    const window = await open();
    await signIn(window, 'ana');
    const worker = await workerOf(window);
    for (const room of [2, 3]) {
      await deliver(window, JSON.stringify(payload({ source_id: room })));
      await toShow(worker, [{ tag: 'fall-2' }]);
      await tap(worker, '');
      await eventually(async () => expect(new URL(window.url()).hash).toBe(`#/rooms/${room}`));
    }
  });

  it('a tap on the notification shows the room also while the page of a link lies in front', async () => {
    const window = await open();
    await signIn(window, 'ana');
    const worker = await workerOf(window);
    const link = await window.context().newPage();
    await link.goto(`${running.url}on-my-way?token=none`);
    await deliver(window, JSON.stringify(payload({ source_id: 3 })));
    await toShow(worker, [{ tag: 'fall-2' }]);
    await tap(worker, '');
    await eventually(async () => expect(new URL(window.url()).hash).toBe('#/rooms/3'));
    expect(new URL(link.url()).hash).toBe('');
  });

  it('a message that cannot be read still asks the person to look', async () => {
    const window = await open();
    await signIn(window, 'ana');
    const worker = await workerOf(window);
    await deliver(window, 'not JSON');
    await toShow(worker, [{ title: 'Open Vigilia' }]);
  });

  it('a phone without a connection states that it shows no alarms and what to do, and comes back by itself', async () => {
    const window = await open();
    await signIn(window, 'ana');
    await workerOf(window);
    const port = new URL(running.url).port;
    await running.stop();
    try {
      await window.reload();
      await window.waitForSelector('text=This device shows no alarms at the moment');
      await window.waitForSelector('text=Este dispositivo no muestra alarmas en este momento');
      await eventually(async () => expect(await window.locator('.tile').count()).toBe(0));
      expect(await axeProblems(window)).toEqual([]);
      await screenshot(window, 'phone-offline');
    } finally {
      running = await startConsole([...consoleFlags(), '--mqtt-url', broker.url, '--port', port], page.dir);
    }
    await window.waitForSelector('.tile[data-condition="well"]', { timeout: 60_000 });
    expect(browser.errors).toEqual([]);
  });
});

/** Put into the page before its scripts: the subscription that a push service would give. */
function makeSubscription({ endpoint, p256dh, auth }: { endpoint: string; p256dh: string; auth: string }): void {
  const kept = (): boolean => localStorage.getItem('test-subscribed') === endpoint;
  const subscription = {
    endpoint,
    options: { applicationServerKey: null },
    toJSON: () => ({ endpoint, keys: { p256dh, auth } }),
    unsubscribe: async () => {
      localStorage.setItem('test-unsubscribed', String(Number(localStorage.getItem('test-unsubscribed')) + 1));
      localStorage.removeItem('test-subscribed');
    },
  };
  const manager = (globalThis as unknown as { PushManager?: { prototype: object } }).PushManager;
  if (manager === undefined) return;
  Object.assign(manager.prototype, {
    getSubscription: async () => (kept() ? subscription : null),
    subscribe: async () => {
      localStorage.setItem('test-subscribed', endpoint);
      return subscription;
    },
  });
}

/** Run in the worker. */
async function readNotifications(): Promise<unknown[]> {
  const { registration } = globalThis as unknown as {
    registration: { getNotifications(): Promise<Record<string, unknown>[]> };
  };
  const names = ['title', 'body', 'tag', 'renotify', 'requireInteraction', 'vibrate', 'silent', 'image', 'actions'];
  const read = (one: Record<string, unknown>, name: string): unknown =>
    name === 'actions'
      ? (one.actions as { action: string; title: string }[]).map(({ action, title }) => ({ action, title }))
      : one[name];
  const found = await registration.getNotifications();
  return found.map((one) => Object.fromEntries(names.map((name) => [name, read(one, name)])));
}

/** Run in the worker: what the browser does when a notification, or its button, is tapped. A made event cannot wait by itself. */
async function tapNotification(action: string): Promise<void> {
  const worker = globalThis as unknown as {
    registration: { getNotifications(): Promise<object[]> };
    NotificationEvent: new (type: string, init: object) => Event;
    dispatchEvent(event: Event): void;
  };
  const [notification] = await worker.registration.getNotifications();
  const event = new worker.NotificationEvent('notificationclick', { notification, action });
  let work: Promise<unknown> = Promise.resolve();
  Object.defineProperty(event, 'waitUntil', { value: (promise: Promise<unknown>) => (work = promise) });
  worker.dispatchEvent(event);
  // a made tap may not bring a window to the front
  await work.catch(() => undefined);
}
