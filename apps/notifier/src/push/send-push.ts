import type { ActivePushSubscription } from '@vigilia/protocol';
import { fetch, type Response } from 'undici';
import webPush from 'web-push';
import { codeOf } from '../targets/post.ts';
import { proxyDispatcher } from '../targets/proxy.ts';
import { networkError, SendError } from '../targets/target.ts';
import type { VapidKeys } from './vapid-keys.ts';

export interface Push {
  readonly keys: VapidKeys;
  /** `mailto:` or `https:` address of the operator of this site, for the push service (RFC 8292). */
  readonly contact: string;
  readonly subscription: ActivePushSubscription;
  readonly payload: string;
  /** The push service keeps the message for a phone that is switched off for this long. */
  readonly ttlSeconds: number;
  readonly urgency: 'high' | 'normal';
  /** A message that still waits at the push service is replaced by a later one of the same topic; base64url. */
  readonly topic: string;
  readonly signal: AbortSignal;
}

/**
 * Encrypts a message for one device (RFC 8291) and hands it to its push service (RFC 8030).
 *
 * @returns `expired` when the push service no longer knows the device (404 or 410)
 * @throws SendError; the signal's reason
 */
export async function sendPush(push: Push): Promise<'sent' | 'expired'> {
  const { subscription, signal } = push;
  const request = requestOf(push);
  let answer: Response;
  try {
    answer = await fetch(subscription.endpoint, {
      method: 'POST',
      headers: request.headers,
      body: request.body,
      signal,
      redirect: 'manual',
      dispatcher: proxyDispatcher,
    });
    await answer.arrayBuffer();
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw networkError(codeOf(error));
  }
  if (answer.ok) return 'sent';
  if (answer.status === 404 || answer.status === 410) return 'expired';
  throw refusal(answer);
}

function requestOf({ keys, contact, subscription, payload, ttlSeconds, urgency, topic }: Push) {
  const { headers, body } = webPush.generateRequestDetails(subscription, payload, {
    vapidDetails: { subject: contact, publicKey: keys.publicKey, privateKey: keys.privateKey },
    contentEncoding: 'aes128gcm',
    TTL: ttlSeconds,
    urgency,
    topic,
  });
  const sent: Record<string, string> = { 'user-agent': 'vigilia-notifier' };
  // undici counts the body itself
  for (const [name, value] of Object.entries(headers)) {
    if (name !== 'Content-Length') {
      sent[name] = String(value);
    }
  }
  return { headers: sent, body };
}

function refusal(answer: Response): SendError {
  const { status } = answer;
  const message = `The push service answered ${status}.`;
  if (status === 401 || status === 403) {
    const remedy = 'Check contact in the alerts file and the clock of this machine; the message is signed with both.';
    return new SendError({ code: 'unauthorized', message, remedy });
  }
  if (status === 429 || status === 503) {
    const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
    // at most ten minutes: a person may be on the floor
    const retryAfterMs = Number.isFinite(seconds) ? Math.min(seconds, 600) * 1000 : undefined;
    const remedy = 'The push service limits the number of messages; the notifier tries again later.';
    return new SendError({ code: 'busy', message, remedy, retryAfterMs });
  }
  const code = status >= 500 ? 'server_error' : 'refused';
  return new SendError({
    code,
    message,
    remedy: 'The notifier tries again; the log of the push service may show why.',
  });
}
