import { withoutUndefined } from '@vigilia/protocol';
import { untilAborted } from '@vigilia/service';
import { createTransport } from 'nodemailer';
import type { EmailTarget } from '../config/alerts-schema.ts';
import type { TargetSecrets } from '../config/load-alerts.ts';
import type { AlertTexts } from '../texts/alert-texts.ts';
import type { AlertMessage } from './alert-message.ts';
import { proxyFor } from './proxy.ts';
import { networkError, SendError, type Target } from './target.ts';

const usualPort = { tls: 465, starttls: 587, none: 25 } as const;

/** A mail a message; those about the same case make a thread, and a repetition has the same Message-ID. */
export function createEmail(name: string, settings: EmailTarget, secrets: TargetSecrets, say: AlertTexts): Target {
  const timeoutMs = settings.timeout_s * 1000;
  return {
    name,
    type: 'email',
    timeoutMs,
    send: async (message, signal) => {
      // One connection a mail: few are sent, and one that was kept open may have died unseen.
      const transport = createTransport(transportOptions(settings, secrets, timeoutMs));
      const cut = () => transport.close();
      signal.addEventListener('abort', cut, { once: true });
      try {
        await untilAborted(transport.sendMail(mailOf(message, settings, say)), signal);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw describe(error as SmtpFailure);
      } finally {
        signal.removeEventListener('abort', cut);
        transport.close();
      }
    },
  };
}

function transportOptions(settings: EmailTarget, { secret, ca }: TargetSecrets, timeoutMs: number) {
  const { host, security, username } = settings;
  const port = settings.port ?? usualPort[security];
  const proxy = proxyFor(host, port);
  return withoutUndefined({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    auth: username === undefined ? undefined : { user: username, pass: secret ?? '' },
    tls: ca === undefined ? undefined : { ca },
    proxy,
  });
}

function mailOf(message: AlertMessage, settings: EmailTarget, say: AlertTexts) {
  const domain = settings.from.split('@')[1] ?? 'vigilia.local';
  const thread = `<${message.threadId}@${domain}>`;
  const urgent = message.severity === 'critical';
  return {
    from: { name: 'Vigilia', address: settings.from },
    to: settings.to,
    subject: message.title,
    text: textOf(message, say),
    ...pictureOf(message, say),
    messageId: `<${message.id}@${domain}>`,
    references: [thread],
    inReplyTo: thread,
    priority: urgent ? ('high' as const) : ('normal' as const),
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function textOf(message: AlertMessage, say: AlertTexts): string {
  return [message.text, ...linksOf(message, say)].join('\n\n');
}

/**
 * The mail with the picture, which follows the alarm, has a second form that shows it below the same text. An alarm has none: a
 * gateway that refuses attachments would refuse the alarm.
 */
function pictureOf(message: AlertMessage, say: AlertTexts) {
  const { picture } = message;
  if (message.step !== 'replay' || picture === undefined) return {};
  const cid = `picture-${message.id}@vigilia`;
  const image = `<img src="cid:${cid}" width="480" alt="${escaped(picture.description)}">`;
  const text = escaped(textOf(message, say)).replaceAll('\n', '<br>');
  return {
    html: `<p>${text}</p><p>${image}</p>`,
    attachments: [{ filename: 'fall.png', content: picture.png, cid, contentDisposition: 'inline' as const }],
  };
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character] ?? '');

/** Each on a line of its own, so that every mail program makes a link of it. */
function linksOf({ url, onMyWayUrl }: AlertMessage, say: AlertTexts): string[] {
  const links = [
    [say.onMyWay, onMyWayUrl],
    [say.roomLink, url],
  ] as const;
  return links.flatMap(([label, address]) => (address === undefined ? [] : [`${label}:\n${address}`]));
}

interface SmtpFailure extends Error {
  readonly code?: string;
  /** Of the system, below SMTP. */
  readonly originalCode?: string;
  readonly responseCode?: number;
}

/** The server's reply is left out: it may repeat our credentials. */
function describe({ code, originalCode, responseCode }: SmtpFailure): SendError {
  const reply = responseCode === undefined ? '' : ` (${responseCode})`;
  switch (code) {
    case 'EAUTH':
    case 'ENOAUTH':
      return failure(
        'unauthorized',
        `The mail server refused the user or the password${reply}.`,
        'Check username and password.',
      );
    case 'EENVELOPE':
      return failure(
        'refused',
        `The mail server refused a sender or recipient${reply}.`,
        'Check the addresses in from and to.',
      );
    case 'EMESSAGE':
      return failure('refused', `The mail server refused the message${reply}.`, 'Look at the log of the mail server.');
    case 'ETLS':
      return failure('tls', 'The mail server offers no trusted encryption.', 'Check security, port and ca_file.');
    case 'EPROXY':
      return failure(
        'unreachable',
        'The proxy opens no connection to the mail server.',
        'Let the proxy of HTTPS_PROXY connect to the port of the mail server, or name the mail server in NO_PROXY.',
      );
    case 'ETIMEDOUT':
      return failure('timeout', 'The mail server did not answer in time.', 'Check host, port and security.');
    default:
      return responseCode === undefined
        ? networkError(originalCode ?? code)
        : failure('server_error', `The mail server failed${reply}.`, 'Look at the log of the mail server.');
  }
}

function failure(code: string, message: string, remedy: string): SendError {
  return new SendError({ code, message, remedy });
}
