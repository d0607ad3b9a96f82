import { withoutUndefined } from '@vigilia/protocol';
import type { NtfyTarget } from '../config/alerts-schema.ts';
import type { AlertMessage } from './alert-message.ts';
import { postJson } from './post-json.ts';
import type { Target } from './target.ts';

/**
 * Publishes to a topic of ntfy as JSON. The sequence id makes a server (2.16 or later) show a repetition as the same
 * notification. Source: docs.ntfy.sh/publish.
 */
export function createNtfy(name: string, settings: NtfyTarget, token: string | undefined, label: string): Target {
  return {
    name,
    type: 'ntfy',
    timeoutMs: settings.timeout_s * 1000,
    send: (message, signal) =>
      postJson({
        url: settings.server,
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
        body: JSON.stringify(
          withoutUndefined({
            topic: settings.topic,
            title: message.title,
            message: message.text,
            priority: settings.priority[message.severity],
            tags: tagsOf(message),
            sequence_id: message.id,
            click: message.url,
            actions: message.onMyWayUrl === undefined ? undefined : [onMyWay(message.onMyWayUrl, label)],
          }),
        ),
        signal,
        credential: 'the token, and that it may publish to this topic',
      }),
  };
}

/** A button that opens the page on which the recipient confirms: the notification goes when it was pressed. */
function onMyWay(url: string, label: string): Record<string, unknown> {
  return { action: 'view', label, url, clear: true };
}

/** Names that ntfy shows as symbols. */
function tagsOf({ kind, step, severity }: AlertMessage): string[] {
  if (kind === 'test' || kind === 'drill') return ['test_tube'];
  if (severity === 'critical') return ['rotating_light'];
  return [step === 'raised' || step === 'reopened' ? 'warning' : 'white_check_mark'];
}
