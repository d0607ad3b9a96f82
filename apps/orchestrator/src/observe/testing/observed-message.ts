import { createTopics, decodeMessage, parseTopic } from '@vigilia/protocol';
import type { ObservedMessage } from '../dispatch.ts';

const { roots } = createTopics();
const encoder = new TextEncoder();

/** Returns a message as the observer hands it over; undefined for what it does not subscribe to or rejects. */
export function observedMessage(message: {
  readonly topic: string;
  readonly body: unknown;
  readonly retain?: boolean;
}): ObservedMessage | undefined {
  const { topic, body, retain = false } = message;
  const parsed = parseTopic(topic, roots);
  if (parsed === undefined) return undefined;
  const payload = body === undefined ? new Uint8Array() : encoder.encode(JSON.stringify(body));
  const decoded = decodeMessage(parsed.channel, parsed.places, { topic, payload, retain });
  if (!decoded.ok) return undefined;
  const { places, value } = decoded;
  return { channel: parsed.channel.name, places, value, arrival: { retain } } as ObservedMessage;
}
