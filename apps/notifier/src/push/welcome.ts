import { type ActivePushSubscription, isOfPushService, type PushPayload } from '@vigilia/protocol';
import { type Logger, within } from '@vigilia/service';
import type { Language, WebPushTarget } from '../config/alerts-schema.ts';
import { SendError } from '../targets/target.ts';
import { sendPush } from './send-push.ts';
import type { VapidKeys } from './vapid-keys.ts';

/** Replaced by the next one, so that a phone never shows two. */
const tag = 'vigilia-welcome';
const ttlSeconds = 600;
const maxListLength = 400;

const texts: Readonly<Record<Language, Readonly<Record<'title' | 'all' | 'wards' | 'some', string>>>> = {
  en: {
    title: 'This device receives alarms',
    all: 'Alarms of all rooms reach this device. This is a test message.',
    wards: 'Alarms of these wards reach this device: {wards}. This is a test message.',
    some: 'Alarms of these rooms reach this device: {rooms}. This is a test message.',
  },
  es: {
    title: 'Este dispositivo recibe alarmas',
    all: 'Las alarmas de todas las habitaciones llegan a este dispositivo. Este es un mensaje de prueba.',
    wards: 'Las alarmas de estas unidades llegan a este dispositivo: {wards}. Este es un mensaje de prueba.',
    some: 'Las alarmas de estas habitaciones llegan a este dispositivo: {rooms}. Este es un mensaje de prueba.',
  },
};

export interface Welcome {
  readonly settings: WebPushTarget;
  readonly language: Language;
  readonly keys: VapidKeys;
  readonly subscription: ActivePushSubscription;
  readonly logger: Logger;
  /** The push service does not know the device. */
  readonly expired: () => Promise<void>;
}

/** Sends a test message to a device that has just subscribed, so that its owner sees that alarms arrive. */
export async function sendWelcome({ settings, language, keys, subscription, logger, expired }: Welcome): Promise<void> {
  const fields = { subscription_id: subscription.subscription_id, user: subscription.user };
  if (!isOfPushService(subscription.endpoint, settings.services)) {
    logger.warn({ event: 'push_welcome_not_sent', ...fields, code: 'unknown_push_service' }, 'test message not sent');
    return;
  }
  try {
    using limit = within(settings.timeout_s * 1000);
    const outcome = await sendPush({
      keys,
      contact: settings.contact,
      subscription,
      payload: JSON.stringify(welcomePayload(subscription, language)),
      ttlSeconds,
      urgency: 'normal',
      topic: tag,
      signal: limit.signal,
    });
    if (outcome === 'expired') return await expired();
    logger.info({ event: 'push_welcome_sent', ...fields }, 'test message sent to a new device');
  } catch (error) {
    const code = error instanceof SendError ? error.code : 'timeout';
    const remedy = error instanceof SendError ? error.remedy : 'Check that this machine reaches the push service.';
    logger.warn({ event: 'push_welcome_not_sent', ...fields, code, remedy }, 'test message not sent');
  }
}

function welcomePayload(subscription: ActivePushSubscription, language: Language): PushPayload {
  const { rooms, wards, created_at: timestamp } = subscription;
  const { title, all, wards: ofWards, some } = texts[language];
  const everything = wards === undefined ? all : ofWards.replace('{wards}', shortList(wards));
  const body = rooms === undefined ? everything : some.replace('{rooms}', shortList(rooms));
  return { version: 1, language, tag, title, body, alarm: false, timestamp };
}

/** A list that stays far below the size of a push message. */
function shortList(names: readonly (number | string)[]): string {
  const text = names.join(', ');
  return text.length <= maxListLength ? text : `${text.slice(0, text.lastIndexOf(', ', maxListLength))} …`;
}
