import type { Clock } from '@vigilia/service';
import type { WebhookTarget } from '../config/alerts-schema.ts';
import type { AlertMessage } from './alert-message.ts';
import { post } from './post.ts';
import { sign } from './sign.ts';
import type { Target } from './target.ts';

/** A signed POST of JSON; docs/alerts.md describes how a receiver verifies it. */
export function createWebhook(name: string, settings: WebhookTarget, secret: string, clock: Clock): Target {
  return {
    name,
    type: 'webhook',
    timeoutMs: settings.timeout_s * 1000,
    send: (message, signal) => {
      const body = JSON.stringify(bodyOf(message));
      const timestamp = String(Math.floor(clock.now() / 1000));
      const headers = {
        'idempotency-key': message.id,
        'vigilia-timestamp': timestamp,
        'vigilia-signature': sign(secret, timestamp, body),
      };
      return post({ url: settings.url, headers, body, signal, credential: 'the secret on both sides' });
    },
  };
}

function bodyOf(message: AlertMessage): Record<string, unknown> {
  const { id, threadId, kind, step, severity, title, text, url, onMyWayUrl, facts } = message;
  const test = kind === 'test';
  const console_url = url === undefined ? {} : { console_url: url };
  const on_my_way_url = onMyWayUrl === undefined ? {} : { on_my_way_url: onMyWayUrl };
  return {
    id,
    thread_id: threadId,
    test,
    drill: kind === 'drill',
    kind,
    step,
    severity,
    title,
    text,
    ...console_url,
    ...on_my_way_url,
    ...facts,
  };
}
