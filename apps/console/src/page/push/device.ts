import type { PushView } from '../../shared/push-view.ts';
import type { Api } from '../live/api.ts';

/** Whether this device receives alarms. */
export type DeviceState =
  | { readonly kind: 'insecure' | 'unsupported' | 'not_offered' | 'blocked' | 'off' }
  | { readonly kind: 'on'; readonly rooms: readonly number[] | undefined };

/** The notifications were refused in the browser. */
export class NotificationsBlockedError extends Error {
  override readonly name = 'NotificationsBlockedError';
}

/** Remembers on this device that it is meant to receive alarms, and of which rooms (`undefined`: all). */
interface Wish {
  readonly rooms?: readonly number[] | undefined;
  /** The subscription that was registered again after the notifier had forgotten it, by its id. */
  readonly renewed?: string | undefined;
}

const wishKey = 'vigilia-alarms';

/** Returns the state, after it has renewed what the browser, the broker or the notifier has lost. */
export async function restoreDevice(api: Api): Promise<DeviceState> {
  if (!isSecureContext) return { kind: 'insecure' };
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window)) {
    return { kind: 'unsupported' };
  }
  const view = await api.push();
  if (view.publicKey === undefined) return { kind: 'not_offered' };
  if (Notification.permission === 'denied') return { kind: 'blocked' };
  const wish = readWish();
  if (wish === undefined || Notification.permission !== 'granted') return { kind: 'off' };
  return subscribe(api, view, wish);
}

/**
 * Asks for permission and subscribes; also changes the rooms.
 * @throws NotificationsBlockedError, ApiError, and the browser's error when its push service is unreachable
 */
export async function turnOn(api: Api, rooms: readonly number[] | undefined): Promise<DeviceState> {
  if ((await Notification.requestPermission()) !== 'granted') throw new NotificationsBlockedError();
  return subscribe(api, await api.push(), { rooms, renewed: readWish()?.renewed });
}

/** Ends alarms on this device until they are turned on again. */
export async function turnOff(api: Api): Promise<DeviceState> {
  keepWish(undefined);
  await leaveDevice(api);
  return { kind: 'off' };
}

/**
 * Ends alarms of a person who signs out; the next person on this device receives them again. Either of the two steps is enough:
 * the notifier removes a device that its push service no longer knows.
 */
export async function leaveDevice(api: Api): Promise<void> {
  const subscription = await currentSubscription();
  if (subscription === undefined) return;
  await Promise.allSettled([api.removeDevice(subscription.endpoint), subscription.unsubscribe()]);
}

/**
 * Registers the subscription that the browser has. It is replaced only when it is worth nothing: with another key, or when the
 * notifier has removed it again after it was registered once more, because its push service no longer knows it. A browser has one
 * subscription at a time, so the old one ends before the new one is there.
 */
async function subscribe(api: Api, view: PushView, { rooms, renewed }: Wish): Promise<DeviceState> {
  const { publicKey } = view;
  if (publicKey === undefined) return { kind: 'not_offered' };
  const { pushManager } = await navigator.serviceWorker.ready;
  const before = (await pushManager.getSubscription()) ?? undefined;
  const id = before === undefined ? undefined : await deviceId(before.endpoint);
  const isKnown = view.devices.some((one) => one.id === id);
  const fits = before !== undefined && hasKey(before, publicKey) && (isKnown || renewed !== id);
  if (before !== undefined && !fits) {
    await before.unsubscribe();
  }
  const applicationServerKey = bytesOf(publicKey);
  const subscription = fits ? before : await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
  const { endpoint, keys = {} } = subscription.toJSON();
  await api.registerDevice({
    endpoint: endpoint ?? '',
    keys: { p256dh: keys.p256dh ?? '', auth: keys.auth ?? '' },
    rooms,
  });
  keepWish({ rooms, renewed: fits && !isKnown ? id : renewed });
  return { kind: 'on', rooms };
}

function hasKey(subscription: PushSubscription, publicKey: string): boolean {
  const { applicationServerKey } = subscription.options;
  return applicationServerKey === null || textOf(new Uint8Array(applicationServerKey)) === publicKey;
}

async function currentSubscription(): Promise<PushSubscription | undefined> {
  if (!isSecureContext || !('serviceWorker' in navigator) || !('PushManager' in window)) return undefined;
  const registration = await navigator.serviceWorker.getRegistration();
  return (await registration?.pushManager.getSubscription()) ?? undefined;
}

/** As `pushSubscriptionIdOf` of the protocol makes it. */
async function deviceId(endpoint: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(endpoint));
  return Array.from(new Uint8Array(digest).subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function textOf(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');
}

function readWish(): Wish | undefined {
  try {
    return (JSON.parse(localStorage.getItem(wishKey) ?? 'null') as Wish | null) ?? undefined;
  } catch {
    return undefined;
  }
}

function keepWish(wish: Wish | undefined): void {
  if (wish === undefined) {
    localStorage.removeItem(wishKey);
  } else {
    localStorage.setItem(wishKey, JSON.stringify(wish));
  }
}
