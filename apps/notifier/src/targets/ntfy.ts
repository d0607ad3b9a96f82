import { withoutUndefined } from '@vigilia/protocol';
import type { NtfyTarget } from '../config/alerts-schema.ts';
import type { AlertMessage } from './alert-message.ts';
import { post } from './post.ts';
import { SendError, type Target } from './target.ts';

/**
 * Publishes to a topic of ntfy as JSON. The sequence id makes a server (2.16 or later) show a repetition as the same
 * notification. The picture of a fall, which follows its alarm, is sent as an attachment; a server that does not accept it gets
 * the text alone. Source: docs.ntfy.sh/publish.
 */
export function createNtfy(name: string, settings: NtfyTarget, token: string | undefined, label: string): Target {
  const authorization: Readonly<Record<string, string>> =
    token === undefined ? {} : { authorization: `Bearer ${token}` };
  const credential = 'the token, and that it may publish to this topic';
  const sendText = (message: AlertMessage, signal: AbortSignal): Promise<void> =>
    post({
      url: settings.server,
      headers: authorization,
      body: textBody(message, settings, label),
      signal,
      credential,
    });
  const sendPicture = (message: AlertMessage, png: Buffer, signal: AbortSignal): Promise<void> => {
    const url = `${settings.server.replace(/\/*$/, '')}/${settings.topic}`;
    const headers = { ...authorization, ...pictureHeaders(message, settings) };
    return post({ url, headers, body: png, signal, credential });
  };
  return {
    name,
    type: 'ntfy',
    timeoutMs: settings.timeout_s * 1000,
    send: async (message, signal) => {
      if (message.step !== 'replay' || message.picture === undefined) return sendText(message, signal);
      try {
        await sendPicture(message, message.picture.png, signal);
      } catch (error) {
        if (!(error instanceof SendError)) throw error;
        await sendText(message, signal);
      }
    },
  };
}

function textBody(message: AlertMessage, settings: NtfyTarget, label: string): string {
  return JSON.stringify(
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
  );
}

/** With a file as the body everything else is in headers, texts as RFC 2047 writes them. */
function pictureHeaders(message: AlertMessage, settings: NtfyTarget): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'image/png',
    'x-filename': 'fall.png',
    'x-title': encodedWord(message.title),
    'x-message': encodedWord(message.text),
    'x-priority': String(settings.priority[message.severity]),
    'x-tags': tagsOf(message).join(','),
    'x-sequence-id': message.id,
  };
  if (message.url !== undefined) {
    headers['x-click'] = message.url;
  }
  return headers;
}

const encodedWord = (text: string): string => `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;

/** A button that opens the page on which the recipient confirms: the notification goes when it was pressed. */
function onMyWay(url: string, label: string): Record<string, unknown> {
  return { action: 'view', label, url, clear: true };
}

/** Names that ntfy shows as symbols. */
function tagsOf({ kind, step, severity }: AlertMessage): string[] {
  if (kind === 'test' || kind === 'drill') return ['test_tube'];
  if (severity === 'critical') return ['rotating_light'];
  if (step === 'replay') return ['pencil2'];
  return [step === 'raised' || step === 'reopened' ? 'warning' : 'white_check_mark'];
}
