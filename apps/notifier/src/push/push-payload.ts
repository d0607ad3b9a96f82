import type { PushPayload } from '@vigilia/protocol';
import type { Language } from '../config/alerts-schema.ts';
import type { AlertMessage } from '../targets/alert-message.ts';

/** Far below the 4096 bytes that a push service must take, with their encryption. */
const maxTitleLength = 200;
const maxBodyLength = 600;
/** Of a message with its picture: what fits into 4096 bytes with the encryption (RFC 8188, RFC 8291), and some to spare. */
const maxPayloadBytes = 3900;

/** Returns what a device receives of an alert; pure. */
export function pushPayload(message: AlertMessage, language: Language): PushPayload {
  const payload = wordsOf(message, language);
  if (message.picture === undefined) return payload;
  const image = `data:image/webp;base64,${message.picture.small.toString('base64')}`;
  const pictured = { ...payload, image };
  return Buffer.byteLength(JSON.stringify(pictured)) <= maxPayloadBytes ? pictured : payload;
}

function wordsOf(message: AlertMessage, language: Language): PushPayload {
  const { facts } = message;
  return {
    version: 1,
    language,
    tag: tagOf(message),
    title: message.title.slice(0, maxTitleLength),
    body: message.text.slice(0, maxBodyLength),
    alarm: isOfPerson(message) && !newsSteps.includes(message.step),
    timestamp: facts.happened_at,
    source_id: facts.source_id,
    incident_id: facts.incident_id,
  };
}

const newsSteps: readonly string[] = ['replay', 'acknowledged', 'recovered', 'closed', 'reopened'];

function isOfPerson({ kind, facts }: AlertMessage): boolean {
  return (kind === 'fall' || kind === 'drill') && facts.source_id !== undefined;
}

/**
 * Returns the tag by room, because a fall may be reported before it has an incident, and a room has one incident at a time. A
 * drill never replaces a fall, nor does late news of an earlier one.
 */
export function tagOf(message: AlertMessage): string {
  return isOfPerson(message) && message.roomHasLaterFall !== true
    ? `${message.kind}-${message.facts.source_id}`
    : message.threadId;
}
