import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The signature of a webhook: `v1=` and HMAC-SHA256, hex, of `<timestamp>.<body>` under the shared secret.
 * @param timestamp Unix seconds, as the header Vigilia-Timestamp has them
 */
export function sign(secret: string, timestamp: string, body: string): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

/** Whether a signature is right and its timestamp within `toleranceS` of now: what a receiver does. */
export function verify(o: {
  secret: string;
  timestamp: string;
  body: string;
  signature: string;
  nowS: number;
  toleranceS?: number;
}): boolean {
  const expected = Buffer.from(sign(o.secret, o.timestamp, o.body));
  const given = Buffer.from(o.signature);
  const fresh = Math.abs(o.nowS - Number(o.timestamp)) <= (o.toleranceS ?? 300);
  return fresh && expected.length === given.length && timingSafeEqual(expected, given);
}
