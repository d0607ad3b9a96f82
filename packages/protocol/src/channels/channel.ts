import type { z } from 'zod';
import { maxEntries } from '../fields.ts';
import type { BrokerRole } from '../roles.ts';

/** Names in braces of a topic pattern, without the ones that are settings of the site. */
type PlaceNames<Pattern extends string> = Pattern extends `${string}{${infer Name}}${infer Rest}`
  ? Exclude<Name, 'prefix' | 'discovery'> | PlaceNames<Rest>
  : never;

/** What fills the places of a pattern: a room by its number, everything else by its name. */
export type Places<Pattern extends string> = {
  readonly [Name in PlaceNames<Pattern>]: Name extends 'source_id' ? number : string;
};

/**
 * How an outgoing message is treated while the broker is slow or unreachable: `kept` in order until the broker has it; `answer`
 * in order, the oldest dropped first; `latest` only the newest per topic, dropped while there is no connection.
 */
type Delivery = 'kept' | 'answer' | 'latest';

/** One kind of message: where it is published, what it contains, and which roles may write and read it. */
export interface Channel<
  Name extends string = string,
  Pattern extends string = string,
  Payload = unknown,
  Input = unknown,
> {
  readonly name: Name;
  /** Topic with places: `{prefix}/detections/{source_id}`. */
  readonly pattern: Pattern;
  /** One sentence for the documents. */
  readonly summary: string;
  readonly schema: z.ZodType<Payload, Input>;
  /** `text`: the payload is the string itself. */
  readonly encoding: 'json' | 'text';
  readonly qos: 0 | 1;
  /** A retained channel is cleared with an empty payload. Retained messages on any other channel are ignored. */
  readonly retain: boolean;
  /** The broker drops the message after this time; a sender may choose less. */
  readonly expirySeconds: number | undefined;
  readonly delivery: Delivery;
  /** Payloads may repeat words of others (errors, addresses): credentials are taken out before they are published. */
  readonly redacted: boolean;
  /** Longer payloads are rejected before they are parsed. */
  readonly maxBytes: number;
  /** Messages in which an object or a list has more entries are rejected before they are parsed. */
  readonly maxEntries: number;
  readonly writers: readonly BrokerRole[];
  readonly readers: readonly BrokerRole[];
  /**
   * Places whose value the payload repeats, by the payload's field: where both are there they must agree, because the broker
   * checks the topic only.
   */
  readonly agrees: Readonly<Record<string, string>>;
  /** Commands: each kind of message of the channel for the documents, by name. */
  readonly variants: Readonly<Record<string, z.ZodType>> | undefined;
}

/** What a subscriber receives. */
export type PayloadOf<C extends Channel> = C['schema'] extends z.ZodType<infer Payload> ? Payload : never;
/** What a publisher may send. */
export type InputOf<C extends Channel> = C['schema'] extends z.ZodType<unknown, infer Input> ? Immutable<Input> : never;
export type PlacesOf<C extends Channel> = Places<C['pattern']>;

type Immutable<T> = T extends readonly (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Immutable<T[Key]> }
    : T;

interface ChannelInput<Name extends string, Pattern extends string, Payload, Input> {
  readonly name: Name;
  readonly pattern: Pattern;
  readonly summary: string;
  readonly schema: z.ZodType<Payload, Input>;
  readonly writers: readonly BrokerRole[];
  readonly readers: readonly BrokerRole[];
  readonly encoding?: 'json' | 'text';
  readonly qos?: 0 | 1;
  readonly retain?: boolean;
  readonly expirySeconds?: number;
  readonly delivery?: Delivery;
  readonly redacted?: boolean;
  readonly maxBytes?: number;
  readonly maxEntries?: number;
  readonly agrees?: Readonly<Record<string, string>>;
  readonly variants?: Readonly<Record<string, z.ZodType>>;
}

const defaultMaxBytes = 64 * 1024;

/** Describes a channel; QoS 1, not retained, JSON of at most 64 KiB and 2,000 entries per object or list unless given. */
export function channel<const Name extends string, const Pattern extends string, Payload, Input>(
  input: ChannelInput<Name, Pattern, Payload, Input>,
): Channel<Name, Pattern, Payload, Input> {
  const { qos = 1, retain = false } = input;
  return {
    name: input.name,
    pattern: input.pattern,
    summary: input.summary,
    schema: input.schema,
    writers: input.writers,
    readers: input.readers,
    encoding: input.encoding ?? 'json',
    qos,
    retain,
    expirySeconds: input.expirySeconds,
    delivery: input.delivery ?? (qos === 0 ? 'latest' : 'kept'),
    redacted: input.redacted ?? false,
    maxBytes: input.maxBytes ?? defaultMaxBytes,
    maxEntries: input.maxEntries ?? maxEntries,
    agrees: input.agrees ?? {},
    variants: input.variants,
  };
}
