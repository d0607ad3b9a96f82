import type { z } from 'zod';
import { maxEntries } from '../fields.ts';
import { describeIssue } from '../validation.ts';
import { type BoundedJson, maxJsonDepth, parseBoundedJson } from './bounded-json.ts';
import type { Channel, PayloadOf, PlacesOf } from './channel.ts';
import type { ChannelName, Channels, KnownChannel } from './channels.ts';

/** A message as the broker delivers it, before anything is known of it. */
export interface RawMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly retain: boolean;
}

/** Why a message was not accepted. */
const rejectReasons = [
  'too_large',
  'too_deep',
  'too_many_entries',
  'invalid_json',
  'invalid_payload',
  'sender_mismatch',
  'retained',
  'empty',
] as const;
export type RejectReason = (typeof rejectReasons)[number];

export interface Rejection {
  readonly reason: RejectReason;
  /** A sentence: what was wrong and what is expected. */
  readonly message: string;
  /** The first field at fault. */
  readonly field: string | undefined;
  /** The payload parsed, where that was possible: for an answer to the right sender. */
  readonly body: unknown;
}

/** A message whose payload is valid; `value` is undefined when a retained message was cleared. */
interface Accepted<C extends Channel> {
  readonly ok: true;
  readonly places: PlacesOf<C>;
  readonly value: PayloadOf<C> | undefined;
}

export type Decoded<C extends Channel> = Accepted<C> | { readonly ok: false; readonly rejection: Rejection };

/** Any valid message, as a tagged union over `channel`. */
export type AnyMessage = { [N in ChannelName]: Message<Channels[N]> }[ChannelName];

/** A valid message of one channel. */
export interface Message<C extends Channel> {
  readonly channel: C['name'];
  readonly places: PlacesOf<C>;
  /** undefined when a retained message was cleared. */
  readonly value: PayloadOf<C> | undefined;
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Reads a payload of a channel: the only place where payloads of the broker are parsed. Bounded in bytes and depth; pure.
 * @param places values of the topic's places, as `parseTopic` returns them
 */
export function decodeMessage<C extends KnownChannel>(
  channel: C,
  places: Readonly<Record<string, string>>,
  raw: RawMessage,
): Decoded<C> {
  const { length } = raw.payload;
  if (raw.retain && !channel.retain && length > 0)
    return reject('retained', 'Retained messages are ignored on this topic.');
  if (length > channel.maxBytes) {
    return reject('too_large', `The message has ${length} bytes; at most ${channel.maxBytes} are accepted.`);
  }
  if (length === 0) {
    if (channel.retain) return { ok: true, places: typedPlaces(places) as PlacesOf<C>, value: undefined };
    return reject('empty', 'The message is empty.');
  }
  const text = utf8.decode(raw.payload);
  const json: BoundedJson =
    channel.encoding === 'text' ? { ok: true, value: text } : parseBoundedJson(text, channel.maxEntries);
  if (!json.ok) return reject(json.reason, notJson[json.reason]);
  return checked(channel, places, json.value);
}

const notJson = {
  invalid_json: 'The message is not valid JSON; check quotes, brackets and numbers (at most 1.8e308).',
  too_many_entries: `An object or a list of the message has more than ${maxEntries} entries.`,
  too_deep: `The message is nested deeper than ${maxJsonDepth} levels.`,
} as const;

function checked<C extends KnownChannel>(
  channel: C,
  places: Readonly<Record<string, string>>,
  body: unknown,
): Decoded<C> {
  const schema: z.ZodType = channel.schema;
  const result = schema.safeParse(body, { reportInput: true });
  if (!result.success) {
    const { message, field } = describeIssue(result.error, 'field');
    return reject('invalid_payload', message, { field, body });
  }
  const mismatch = disagreement(channel, places, result.data);
  if (mismatch !== undefined) return reject('sender_mismatch', mismatch.message, { field: mismatch.field, body });
  return { ok: true, places: typedPlaces(places) as PlacesOf<C>, value: result.data as PayloadOf<C> };
}

/** Returns what is wrong when the payload names another sender or room than its topic. */
export function disagreement(
  channel: Channel,
  places: Readonly<Record<string, string | number>>,
  value: unknown,
): { readonly message: string; readonly field: string } | undefined {
  for (const [place, field] of Object.entries(channel.agrees)) {
    const inPayload = (value as Readonly<Record<string, unknown>>)[field];
    const inTopic = places[place];
    if (inPayload === undefined || inTopic === undefined || String(inPayload) === String(inTopic)) continue;
    return {
      field,
      message: `The topic is of ${String(inTopic)}, but the field ${field} of the message is ${String(inPayload).slice(0, 128)}.`,
    };
  }
  return undefined;
}

function typedPlaces(places: Readonly<Record<string, string>>): Readonly<Record<string, string | number>> {
  const typed: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(places)) {
    typed[name] = name === 'source_id' ? Number(value) : value;
  }
  return typed;
}

function reject(
  reason: RejectReason,
  message: string,
  more: { readonly field?: string | undefined; readonly body?: unknown } = {},
): { readonly ok: false; readonly rejection: Rejection } {
  return { ok: false, rejection: { reason, message, field: more.field, body: more.body } };
}
