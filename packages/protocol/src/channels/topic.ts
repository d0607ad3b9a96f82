import { reservedInstanceIds } from '../fields.ts';
import type { Channel, Places } from './channel.ts';
import { type ChannelName, channels, type KnownChannel } from './channels.ts';

/** First levels of every topic: settings of the site. */
export interface TopicRoots {
  readonly prefix: string;
  /** Home Assistant's discovery prefix. */
  readonly discovery: string;
}

const placePattern = /\{(\w+)\}/g;

/** Returns the topic of a channel with its places filled. */
export function topicOf<Pattern extends string>(
  channel: Channel<string, Pattern>,
  places: Places<Pattern>,
  roots: TopicRoots,
): string {
  return fill(channel.pattern, { ...(places as Record<string, string | number>), ...roots });
}

/** Returns the subscription filter of a channel; places that are not given match everything. */
export function filterOf<Pattern extends string>(
  channel: Channel<string, Pattern>,
  roots: TopicRoots,
  places: Partial<Places<Pattern>> = {},
): string {
  return fill(channel.pattern, { ...(places as Record<string, string | number>), ...roots }, '+');
}

function fill(pattern: string, values: Readonly<Record<string, unknown>>, otherwise?: string): string {
  return pattern.replace(placePattern, (_, name: string) => {
    const value = values[name] ?? otherwise;
    if (value === undefined) throw new Error(`The topic ${pattern} needs a value for ${name}.`);
    return String(value);
  });
}

/** A topic of the table, with the values of its places as text. */
export interface ParsedTopic {
  readonly channel: KnownChannel;
  readonly places: Readonly<Record<string, string>>;
}

/** Values that a place may have; where none is given, any text without a slash. */
const placeSyntax: Readonly<Record<string, (value: string) => boolean>> = {
  source_id: (value) => /^(0|[1-9]\d{0,6})$/.test(value) && Number(value) <= 1_000_000,
  instance_id: (value) =>
    /^[A-Za-z0-9._-]{1,64}$/.test(value) && !(reservedInstanceIds as readonly string[]).includes(value),
};

/** Channels that share the topics of another one and are read on purpose only. */
const narrower: readonly ChannelName[] = ['fallReport', 'fallSuspicion', 'replies'];

/**
 * Returns the channel of a topic; undefined for a topic that is not in the table. A fall report is found as an event.
 */
export function parseTopic(topic: string, roots: TopicRoots): ParsedTopic | undefined {
  for (const channel of Object.values(channels)) {
    if (narrower.includes(channel.name as ChannelName)) continue;
    const places = placesOf(channel, topic, roots);
    if (places !== undefined) return { channel, places };
  }
  return undefined;
}

/** Returns the values of a channel's places in a topic; undefined when the topic is not of this channel. */
export function placesOf(
  channel: Channel,
  topic: string,
  roots: TopicRoots,
): Readonly<Record<string, string>> | undefined {
  const { names, expression } = compiled(channel.pattern, roots);
  const found = expression.exec(topic);
  if (found === null) return undefined;
  const places: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const value = found[index + 1] ?? '';
    if (value === '' || placeSyntax[name]?.(value) === false) return undefined;
    places[name] = value;
  }
  return places;
}

interface Compiled {
  readonly names: readonly string[];
  readonly expression: RegExp;
}

const cache = new Map<string, Compiled>();

function compiled(pattern: string, roots: TopicRoots): Compiled {
  const key = `${roots.prefix} ${roots.discovery} ${pattern}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const names = [...pattern.matchAll(placePattern)].map(([, name = '']) => name).filter((name) => !(name in roots));
  const source = pattern
    .split(placePattern)
    .map((part, index) =>
      index % 2 === 0 || part in roots ? escapeExpression(index % 2 === 0 ? part : rootOf(roots, part)) : '([^/]+)',
    )
    .join('');
  const made = { names, expression: new RegExp(`^${source}$`) };
  cache.set(key, made);
  return made;
}

function rootOf(roots: TopicRoots, name: string): string {
  return name === 'prefix' ? roots.prefix : roots.discovery;
}

function escapeExpression(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
