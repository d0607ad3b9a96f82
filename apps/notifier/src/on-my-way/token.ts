import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** What a link is good for: one acknowledgment of one incident by one recipient. */
export interface OnMyWayClaim {
  readonly incidentId: string;
  /** Who acknowledges. */
  readonly by: string;
  /** The message that the link is in; a link counts once. */
  readonly messageId: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

const claimSchema = z.tuple([z.string(), z.string(), z.string(), z.int()]);
/** Keeps the key from signing anything else that could be taken for a link. */
const purpose = 'vigilia on-my-way v1\n';

/** Returns the token of a link: the claim and its HMAC-SHA256, both base64url. */
export function signOnMyWay(key: Uint8Array, { incidentId, by, messageId, expiresAt }: OnMyWayClaim): string {
  const claim = Buffer.from(JSON.stringify([incidentId, by, messageId, expiresAt])).toString('base64url');
  return `${claim}.${macOf(key, claim).toString('base64url')}`;
}

/** Returns the claim of a token that was signed with this key; it may have expired. */
export function readOnMyWay(key: Uint8Array, token: string): OnMyWayClaim | undefined {
  const [claim = '', mac = '', ...more] = token.split('.');
  const given = Buffer.from(mac, 'base64url');
  const expected = macOf(key, claim);
  // Base64url has several spellings of the same bytes: only the one that was sent counts.
  const same = given.length === expected.length && timingSafeEqual(given, expected);
  if (more.length > 0 || !same || given.toString('base64url') !== mac) return undefined;
  const [incidentId, by, messageId, expiresAt] = claimSchema.parse(
    JSON.parse(Buffer.from(claim, 'base64url').toString('utf8')),
  );
  return { incidentId, by, messageId, expiresAt };
}

function macOf(key: Uint8Array, claim: string): Buffer {
  return createHmac('sha256', key).update(purpose).update(claim).digest();
}
