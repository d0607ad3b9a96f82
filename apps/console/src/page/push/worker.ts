import type { PushPayload } from '@vigilia/protocol';
import { sendAcknowledgment } from './send-acknowledgment.ts';
import { type WorkerText, workerText } from './worker-texts.ts';

/** `actions`, `renotify`, `timestamp` and `vibrate` are of the Notifications standard but not in the types of TypeScript. */
interface Options extends NotificationOptions {
  readonly actions: readonly { readonly action: string; readonly title: string }[];
  readonly renotify: boolean;
  readonly timestamp: number;
  readonly image?: string;
  readonly vibrate?: readonly number[];
}

declare const self: ServiceWorkerGlobalScope;

const cacheName = 'vigilia-offline-1';
const offlinePage = 'offline.html';
const offlineParts = ['offline.css', 'offline.js'];
const alarmVibrationMs = [400, 150, 400, 150, 800];

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  // nothing but the view that states that there is no connection comes from here: an old house must never look like the present one
  if (event.request.mode === 'navigate') {
    event.respondWith(pageOrOffline(event.request));
  } else if (isOfflinePart(event.request)) {
    event.respondWith(networkOrKept(event.request));
  }
});
self.addEventListener('push', (event) => event.waitUntil(receive(event.data)));
self.addEventListener('notificationclick', (event) => {
  const payload = event.notification.data as PushPayload;
  event.notification.close();
  event.waitUntil(event.action === 'acknowledge' ? confirm(payload) : openRoom(payload));
});

async function install(): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.addAll([offlinePage, ...offlineParts].map((file) => new Request(file, { cache: 'reload' })));
  await self.skipWaiting();
}

async function pageOrOffline(request: Request): Promise<Response> {
  const answer = await fetch(request).catch(() => undefined);
  // a reverse proxy answers 502 to 504 for a console that does not run
  if (answer !== undefined && ![502, 503, 504].includes(answer.status)) return answer;
  return (await caches.match(offlinePage)) ?? answer ?? Response.error();
}

function isOfflinePart({ url }: Request): boolean {
  return offlineParts.some((file) => url === `${self.registration.scope}${file}`);
}

async function networkOrKept(request: Request): Promise<Response> {
  return fetch(request).catch(async () => (await caches.match(request)) ?? Response.error());
}

async function receive(data: PushMessageData | null): Promise<void> {
  const payload = read(data);
  if (payload.image === undefined) {
    await show(payload, payload.title, payload.body, payload.alarm);
  } else {
    await addPicture(payload);
  }
  for (const client of await pages()) {
    client.postMessage({ type: 'push', tag: payload.tag });
  }
}

/** A browser demands a notification for every message, also for one that cannot be read. */
function read(data: PushMessageData | null): PushPayload {
  try {
    const payload = data?.json() as PushPayload;
    if (typeof payload.title === 'string' && typeof payload.tag === 'string') return payload;
  } catch {
    // falls through to the message that asks the person to look
  }
  const language = self.navigator.language.startsWith('es') ? 'es' : 'en';
  const [title, body] = [workerText(language, 'unreadable'), workerText(language, 'unreadable_body')];
  return {
    version: 1,
    language,
    tag: 'vigilia-unreadable',
    title,
    body,
    alarm: false,
    timestamp: new Date().toISOString(),
  };
}

/** Adds the picture to the notification of its fall as it is now, in silence; a device that shows none gets one with the picture. */
async function addPicture(payload: PushPayload): Promise<void> {
  const [shown] = await self.registration.getNotifications({ tag: payload.tag });
  const pictured: PushPayload = {
    ...((shown?.data as PushPayload | undefined) ?? payload),
    image: payload.image ?? '',
  };
  const body = shown?.body ?? payload.body;
  // a silent notification must not have a vibration
  const { vibrate: _, ...options } = optionsOf(pictured, body, shown?.requireInteraction === true);
  const quiet: Options = { ...options, renotify: false, silent: true };
  await self.registration.showNotification(shown?.title ?? payload.title, quiet as NotificationOptions);
}

/** @param calls whether it sounds, vibrates and stays until it is answered; otherwise it replaces the earlier one in silence */
function show(payload: PushPayload, title: string, body: string, calls: boolean): Promise<void> {
  return self.registration.showNotification(title, optionsOf(payload, body, calls) as NotificationOptions);
}

function optionsOf(payload: PushPayload, body: string, calls: boolean): Options {
  const actions = calls ? [{ action: 'acknowledge', title: workerText(payload.language, 'on_my_way') }] : [];
  const options = {
    body,
    actions,
    tag: payload.tag,
    lang: payload.language,
    data: payload,
    icon: 'icon-192.png',
    badge: 'icon-192.png',
    renotify: calls,
    requireInteraction: calls,
    timestamp: Date.parse(payload.timestamp),
    vibrate: calls ? alarmVibrationMs : [],
  };
  return payload.image === undefined ? options : { ...options, image: payload.image };
}

/** The alarm stays until it is confirmed: where that fails it comes back with the reason. */
async function confirm(payload: PushPayload): Promise<void> {
  const outcome = await sendAcknowledgment(payload);
  const text = (key: WorkerText): string => workerText(payload.language, key);
  if (outcome === 'confirmed') {
    await show(payload, `${text('confirmed')}: ${payload.title}`, text('confirmed_body'), false);
  } else {
    await show(payload, payload.title, `${text(outcome)}\n${payload.body}`, true);
  }
}

/** Shows the room in an open page, or in a new one. */
async function openRoom({ source_id }: PushPayload): Promise<void> {
  const hash = source_id === undefined ? '#/rooms' : `#/rooms/${source_id}`;
  const [client] = await pages();
  if (client === undefined) {
    await self.clients.openWindow(`${self.registration.scope}${hash}`);
    return;
  }
  client.postMessage({ type: 'open', hash });
  await client.focus();
}

/** Returns the open pages that show rooms; those of a link of a message, below the same address, show none. */
async function pages(): Promise<readonly WindowClient[]> {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const place = new URL(self.registration.scope);
  return windows.filter((one) => {
    const { origin, pathname } = new URL(one.url);
    return origin === place.origin && pathname === place.pathname;
  });
}
