import fc from 'fast-check';
import type { Channel } from '../channels/channel.ts';
import { eventTypes } from '../events.ts';
import { largeMutations, type Mutation, mutations, write } from './mutations.ts';
import { type FieldValues, valuesOf } from './schema-values.ts';

/** A message as a client may publish it on the topic of a channel. */
export interface FuzzedMessage {
  /** Values of the topic's places. */
  readonly places: Readonly<Record<string, string>>;
  readonly payload: Uint8Array;
  readonly retain: boolean;
  readonly qos: 0 | 1 | 2;
  /** Whether it is as the schema describes it, so that most of its kind are accepted. */
  readonly valid: boolean;
}

export interface FuzzOptions {
  /** Values of payload fields and topic places by name; otherwise whatever the schema admits. */
  readonly fields?: FieldValues;
  /** How many of a thousand messages nest to 10,000 levels or have up to 1 MiB. */
  readonly largePerMille?: number;
}

const utf8 = new TextEncoder();
const asDescribed: Mutation = write;

/**
 * Generates messages of a channel: a quarter as its schema describes them, the others changed in one place, as a whole, in their
 * bytes, or in their size.
 */
export function fuzzedMessages(channel: Channel, options: FuzzOptions = {}): fc.Arbitrary<FuzzedMessage> {
  const { fields = {}, largePerMille = 100 } = options;
  const placeNames = [...channel.pattern.matchAll(/\{(?!prefix|discovery)(\w+)\}/g)].map(([, name = '']) => name);
  const places = fc.record(Object.fromEntries(placeNames.map((name) => [name, placeValues(name, fields)])));
  const schemas = Object.values(channel.variants ?? { [channel.name]: channel.schema });
  const values = fc.oneof(...schemas.map((schema) => valuesOf(schema, fields)));
  const change = fc.oneof(
    { arbitrary: fc.constant(asDescribed), weight: 250 },
    { arbitrary: mutations, weight: 750 - largePerMille },
    { arbitrary: largeMutations, weight: largePerMille },
  );
  return fc
    .record({
      places,
      value: values,
      change,
      brokenByte: fc.oneof({ arbitrary: fc.constant(null), weight: 19 }, fc.nat()),
      retain: fc.boolean(),
      qos: fc.constantFrom(0, 1, 2),
      agrees: fc.oneof({ arbitrary: fc.constant(true), weight: 9 }, fc.constant(false)),
    })
    .map(({ places, value, change, brokenByte, retain, qos, agrees }) => {
      const valid = change === asDescribed && agrees && brokenByte === null;
      const agreed = agrees ? agreeing(channel, value, places) : value;
      const text = channel.encoding === 'text' && change === asDescribed ? String(agreed) : change(agreed);
      return { places, payload: bytesOf(text, brokenByte), retain, qos, valid };
    });
}

function placeValues(name: string, fields: FieldValues): fc.Arbitrary<string> {
  const own = fields[name];
  if (own !== undefined) return own.map(String);
  if (name === 'type') return fc.constantFrom(...eventTypes);
  if (name === 'source_id') return fc.integer({ min: 0, max: 1_000_000 }).map(String);
  if (name === 'subscription_id') return fc.stringMatching(/^[0-9a-f]{32}$/);
  return fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/);
}

/** The value with the places of its topic repeated where the channel asks for it. */
function agreeing(channel: Channel, value: unknown, places: Readonly<Record<string, string>>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const [place, field] of Object.entries(channel.agrees)) {
    const fixed = (value as Record<string, unknown>)[field];
    const wanted = places[place];
    if (fixed !== undefined) {
      Object.assign(value, { [field]: typeof fixed === 'number' ? Number(wanted) : wanted });
    }
  }
  return value;
}

/** The text as UTF-8, with one byte that UTF-8 does not know. */
function bytesOf(text: string, brokenByte: number | null): Uint8Array {
  const bytes = utf8.encode(text);
  if (brokenByte !== null && bytes.length > 0) {
    bytes[brokenByte % bytes.length] = 0xff;
  }
  return bytes;
}
