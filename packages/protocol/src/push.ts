import { createHash } from 'node:crypto';
import { z } from 'zod';
import { nameSchema, sourceIdSchema, timestampSchema } from './fields.ts';

/** 32 hex digits: made from the address of the subscription, so that a repeated registration is the same one. */
const pushSubscriptionIdSchema = z
  .string()
  .max(32)
  .regex(/^[0-9a-f]{32}$/, 'must be 32 hexadecimal digits');

/** Address at a push service. It needs no further credential but the VAPID key of this site, so it is never logged. */
export const pushEndpointSchema = z
  .string()
  .max(2048)
  .regex(/^https:\/\/[A-Za-z0-9.:[\]-]+\/[!-~]*$/, 'must be an address that starts with https://');

/** Keys of a browser for RFC 8291: a point of P-256 (65 bytes) and a secret (16 bytes), both base64url. */
export const pushKeysSchema = z.object({
  p256dh: z
    .string()
    .max(87)
    .regex(/^[A-Za-z0-9_-]{87}$/, 'must be 65 bytes in base64url'),
  auth: z
    .string()
    .max(22)
    .regex(/^[A-Za-z0-9_-]{22}$/, 'must be 16 bytes in base64url'),
});

/** Rooms that a device receives alarms of. */
export const pushRoomsSchema = z.array(sourceIdSchema).min(1).max(2000);

/** Wards that the account of a device is limited to. */
const pushWardsSchema = z.array(nameSchema.min(1)).min(1).max(100);

/** A device that receives alarms. */
export const activePushSubscriptionSchema = z.object({
  subscription_id: pushSubscriptionIdSchema,
  state: z.literal('active'),
  /** Account that subscribed; missing where the page needs no sign-in. */
  user: nameSchema.optional(),
  /** Missing: all rooms. */
  rooms: pushRoomsSchema.optional(),
  /** Rooms of other wards never notify the device; rooms without a ward do. Missing: all wards. */
  wards: pushWardsSchema.optional(),
  endpoint: pushEndpointSchema,
  keys: pushKeysSchema,
  created_at: timestampSchema,
});
export type ActivePushSubscription = z.infer<typeof activePushSubscriptionSchema>;

/**
 * `nvr-push/subscriptions/{subscription_id}`, retained. A removal is a message too: a broker that lost its memory must not be
 * taken for one.
 */
export const pushSubscriptionSchema = z.discriminatedUnion('state', [
  activePushSubscriptionSchema,
  z.object({ subscription_id: pushSubscriptionIdSchema, state: z.literal('removed') }),
]);
export type PushSubscriptionMessage = z.infer<typeof pushSubscriptionSchema>;

/** A push service by its host; `*.example.org` means each host below it; a port only where it is not 443. */
export const pushServiceSchema = z
  .string()
  .max(255)
  .regex(/^(\*\.)?[A-Za-z0-9.-]+(:\d{1,5})?$/, 'must be a host such as push.example.org or *.example.org');

/** `nvr-push/settings`, retained: what a browser and the console need in order to subscribe. */
export const pushSettingsSchema = z.object({
  /** Public VAPID key: a point of P-256, base64url. */
  public_key: pushKeysSchema.shape.p256dh,
  services: z.array(pushServiceSchema).min(1).max(50),
});
export type PushSettings = z.infer<typeof pushSettingsSchema>;

/** What a phone receives, encrypted for it: the content of a push message, not a message of the broker. */
export interface PushPayload {
  readonly version: 1;
  readonly language: 'en' | 'es';
  /** A later notification with the same tag replaces an earlier one. */
  readonly tag: string;
  readonly title: string;
  readonly body: string;
  /** A person is waiting: the notification stays, and offers "I am on my way". */
  readonly alarm: boolean;
  /** When it happened, ISO 8601. */
  readonly timestamp: string;
  readonly source_id?: number | undefined;
  readonly incident_id?: string | undefined;
  /** The fall as stick figures, as a data URL: it is added to the notification that the device shows with this tag. */
  readonly image?: string;
}

/** Returns the id of the subscription with this address. */
export function pushSubscriptionIdOf(endpoint: string): string {
  return createHash('sha256').update(endpoint).digest('hex').slice(0, 32);
}

/** Returns whether the address belongs to one of these push services. */
export function isOfPushService(endpoint: string, services: readonly string[]): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { host, protocol, username } = new URL(endpoint);
  if (protocol !== 'https:' || username !== '') return false;
  return services.some((service) => {
    const wanted = service.toLowerCase();
    return wanted.startsWith('*.') ? host.endsWith(wanted.slice(1)) : host === wanted;
  });
}

/**
 * Returns whether a device receives messages about this room; what concerns no single room is for all.
 * @param ward of the room; undefined where it has none or its ward is not known: an alarm must not be lost for that
 */
export function pushConcerns(
  { rooms, wards }: Pick<ActivePushSubscription, 'rooms' | 'wards'>,
  sourceId: number | undefined,
  ward: string | undefined,
): boolean {
  if (sourceId === undefined) return true;
  const isWanted = rooms === undefined || rooms.includes(sourceId);
  return isWanted && (wards === undefined || ward === undefined || wards.includes(ward));
}
