import {
  addresses,
  type Channel,
  channels,
  decodeMessage,
  type KnownChannel,
  parseCommand,
  parseOrchestratorCommand,
  placesOf,
  rescueFallReport,
  type TopicRoots,
  topicOf,
} from '@vigilia/protocol';
import { type FieldValues, fuzzedMessages } from '@vigilia/protocol/fuzz';
import type { Bus } from '@vigilia/service';
import type { Qos2Publisher } from '@vigilia/testing';
import fc from 'fast-check';

/** The site under test, which no message that is valid may name. */
export interface FuzzedSite {
  readonly processor: string;
  readonly rooms: readonly number[];
}

export interface FuzzOfTraffic {
  readonly topic: string;
  readonly payload: Buffer;
  readonly retain: boolean;
  readonly qos: 0 | 1 | 2;
}

const roots: TopicRoots = { prefix: 'nvr', discovery: 'homeassistant' };
/** The broker takes packets of 1 MiB; topic and properties need room in them. */
const largestBytes = 1024 * 1024 - 1024;
const all: readonly KnownChannel[] = Object.values(channels);

/**
 * Generates messages for the topics of every channel. Left out by construction, because a service would be right to act on it, is
 * what a channel of the topic accepts and which
 * - comes from the site's processor or is about one of its rooms, or clears such a retained message;
 * - is a status that shows rooms: the orchestrator adopts a room that a processor shows for three seconds, and gives it to the
 *   site's processor when the other one goes offline,
 * - is written by orchestrators only (status, marker, rooms, policy, incidents);
 * - is a command that the site's processor or the orchestrator would carry out, but `ping`, `status`, `metrics` and `plan`;
 * - is a fall report, also one that is not JSON, of a room of the site.
 */
export function* fuzzTraffic(site: FuzzedSite, count: number, seed: number): Generator<FuzzOfTraffic> {
  const perChannel = 50;
  let sent = 0;
  for (let round = 0; sent < count; round += 1) {
    for (const channel of all) {
      const options = { fields: fieldsFor(channel, site), largePerMille: 10 };
      const messages = fc.sample(fuzzedMessages(channel, options), { numRuns: perChannel, seed: seed + round });
      for (const { places, payload, retain, qos } of messages) {
        const topic = topicOf(channel as Channel, places, roots);
        if (sent >= count || payload.length > largestBytes || steersSite(topic, payload, site)) continue;
        sent += 1;
        yield { topic, payload: Buffer.from(payload), retain, qos };
      }
    }
  }
}

/** Publishes messages as fast as the broker takes them; resolves when it has all. */
export async function publishAll(bus: Bus, qos2: Qos2Publisher, messages: Iterable<FuzzOfTraffic>): Promise<number> {
  let waiting: Promise<void>[] = [];
  let sent = 0;
  for (const { topic, payload, retain, qos } of messages) {
    if (qos === 2) {
      waiting.push(qos2.publish(topic, payload, { retain }));
    } else {
      waiting.push(bus.publish(topic, payload, { retain, qos, class: qos === 0 ? 'latest' : 'kept' }));
    }
    sent += 1;
    if (waiting.length < 15) continue;
    await Promise.all(waiting);
    waiting = [];
  }
  await Promise.all(waiting);
  return sent;
}

/** Rooms and processors of the site, whose messages are then broken, and others that do not exist. */
function fieldsFor(channel: KnownChannel, { processor, rooms }: FuzzedSite): FieldValues {
  // no invented processor has the rooms of invented falls: an incident of theirs would start dedicated processors
  const first = channel.pattern.startsWith('{prefix}/events') ? 950_000 : 900_000;
  const room = fc.oneof(fc.constantFrom(...rooms), fc.integer({ min: first, max: first + 20 }));
  const name = fc.oneof(fc.constant(processor), fc.constantFrom('fuzz-1', 'fuzz-2', 'fuzz-3'));
  return { source_id: room, room_id: room, instance_id: name, home: name };
}

const writtenByOrchestrators: ReadonlySet<string> = new Set([
  'orchestratorStatus',
  'orchestratorMarker',
  'orchestratorRooms',
  'orchestratorPolicy',
  'incident',
]);
const harmless: ReadonlySet<string> = new Set(['ping', 'status', 'metrics', 'plan']);

function steersSite(topic: string, payload: Uint8Array, site: FuzzedSite): boolean {
  return all.some((channel) => {
    const places = placesOf(channel, topic, roots);
    if (places === undefined) return false;
    if (channel === channels.fallReport || channel === channels.fallSuspicion) {
      const rescued = rescueFallReport(Buffer.from(payload).toString());
      if (rescued !== undefined && site.rooms.includes(rescued.source_id)) return true;
    }
    const decoded = decodeMessage(channel, places, { topic, payload, retain: false });
    if (!decoded.ok) return false;
    if (writtenByOrchestrators.has(channel.name)) return true;
    const { value } = decoded;
    if (channel === channels.commands) return isCarriedOut(value, site);
    if (channel === channels.orchestratorCommands) return isCarriedOutByOrchestrator(value);
    return names(places, site) || names(value, site) || showsRooms(value);
  });
}

interface Envelope {
  readonly command: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly target_instances?: readonly string[];
}

function isCarriedOut(value: unknown, { processor }: FuzzedSite): boolean {
  const envelope = value as Envelope;
  if (addresses(envelope, processor) === false) return false;
  return !harmless.has(envelope.command) && isValid(() => parseCommand(envelope.command, envelope.params));
}

function isCarriedOutByOrchestrator(value: unknown): boolean {
  const { command, params } = value as Envelope;
  return !harmless.has(command) && isValid(() => parseOrchestratorCommand(command, params));
}

function isValid(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
}

function showsRooms(value: unknown): boolean {
  const { streams } = (value ?? {}) as { readonly streams?: readonly unknown[] };
  return streams !== undefined && streams.length > 0;
}

/** Whether a value names the site's processor or one of its rooms, at any depth. */
function names(value: unknown, site: FuzzedSite): boolean {
  if (value === site.processor) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inside]) => {
    const isRoom = (key === 'source_id' || key === 'room_id') && site.rooms.includes(Number(inside));
    return isRoom || names(inside, site);
  });
}
