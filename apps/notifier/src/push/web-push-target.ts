import { createHash } from 'node:crypto';
import { type ActivePushSubscription, isOfPushService } from '@vigilia/protocol';
import type { Language, WebPushTarget } from '../config/alerts-schema.ts';
import type { AlertMessage } from '../targets/alert-message.ts';
import { SendError, type Target } from '../targets/target.ts';
import { pushPayload, tagOf } from './push-payload.ts';
import { sendPush } from './send-push.ts';
import type { VapidKeys } from './vapid-keys.ts';

/** Devices and keys that a Web Push target sends with. */
export interface PushDevices {
  readonly keys: VapidKeys;
  of(sourceId: number | undefined, users: readonly string[] | undefined): readonly ActivePushSubscription[];
  remove(id: string): Promise<void>;
}

const ttlSeconds = 4 * 3600;
/** Deliveries that some devices have and others not; a retry goes to the others only. */
const maxPartialDeliveries = 500;

export interface WebPushOptions {
  /** Undefined in a process that has no devices, such as `vigilia alerts test`. */
  readonly devices: PushDevices | undefined;
  readonly language: Language;
}

/**
 * Sends to each phone that subscribed to the room. A phone that its push service no longer knows is removed. An alarm for which
 * no phone has subscribed is a failure, because no person receives it.
 */
export function createWebPush(name: string, settings: WebPushTarget, options: WebPushOptions): Target {
  const delivered = new Map<string, Set<string>>();
  return {
    name,
    type: 'web_push',
    timeoutMs: settings.timeout_s * 1000,
    send: async (message, signal) => {
      const { devices, language } = options;
      if (devices === undefined) throw notHere();
      // it replaces the alarm on the phone: without a picture it would only take the alarm away
      if (message.step === 'replay' && pushPayload(message, language).image === undefined) return;
      const done = delivered.get(message.id) ?? new Set<string>();
      remember(delivered, message.id, done);
      const push = { settings, devices, message, language, signal };
      const missing = devices
        .of(message.facts.source_id, settings.users)
        .filter(({ subscription_id: id }) => !done.has(id));
      const outcomes = await Promise.allSettled(missing.map((one) => sendToDevice(push, one, done)));
      const failed = outcomes.find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw done.size > 0 ? partly(failed.reason) : failed.reason;
      if (done.size === 0 && message.severity !== 'info') throw noDevice();
      delivered.delete(message.id);
    },
  };
}

interface DevicePush {
  readonly settings: WebPushTarget;
  readonly devices: PushDevices;
  readonly message: AlertMessage;
  readonly language: Language;
  readonly signal: AbortSignal;
}

async function sendToDevice(
  { settings, devices, message, language, signal }: DevicePush,
  subscription: ActivePushSubscription,
  done: Set<string>,
): Promise<void> {
  const { subscription_id: id, endpoint } = subscription;
  if (!isOfPushService(endpoint, settings.services)) throw unknownService();
  const outcome = await sendPush({
    keys: devices.keys,
    contact: settings.contact,
    subscription,
    payload: JSON.stringify(pushPayload(message, language)),
    ttlSeconds,
    urgency: message.severity === 'info' ? 'normal' : 'high',
    topic: topicOf(message),
    signal,
  });
  if (outcome === 'sent') {
    done.add(id);
  } else {
    await devices.remove(id);
  }
}

/**
 * The push service keeps only the last message about a room for a phone that is switched off, and beside it the picture, which
 * must not take the place of the alarm.
 */
function topicOf(message: AlertMessage): string {
  const name = message.step === 'replay' ? `${tagOf(message)} picture` : tagOf(message);
  return createHash('sha256').update(name).digest('base64url').slice(0, 32);
}

function remember(delivered: Map<string, Set<string>>, id: string, done: Set<string>): void {
  delivered.set(id, done);
  const oldest = delivered.keys().next().value;
  if (delivered.size > maxPartialDeliveries && oldest !== undefined) {
    delivered.delete(oldest);
  }
}

/** Some phones have the alarm: they receive what follows, whatever becomes of the others. */
function partly(reason: unknown): unknown {
  if (!(reason instanceof SendError)) return reason;
  const { code, message, remedy, retryAfterMs } = reason;
  return new SendError({ code, message, remedy, retryAfterMs, mayHaveArrived: true });
}

function noDevice(): SendError {
  return new SendError({
    code: 'no_device',
    message: 'No phone has subscribed to this room.',
    remedy: 'Open the page on a phone, then Settings, "Alarms on this device"; see docs/web-push.md.',
  });
}

function unknownService(): SendError {
  return new SendError({
    code: 'unknown_push_service',
    message: 'A phone uses a push service that this target does not allow.',
    remedy: 'Add its host to services in the alerts file, or remove the phone.',
  });
}

function notHere(): SendError {
  return new SendError({
    code: 'not_testable',
    message: 'Only the running notifier knows the phones.',
    remedy: 'Turn "Alarms on this device" off and on in the page: the notifier sends a test message to that phone.',
  });
}
