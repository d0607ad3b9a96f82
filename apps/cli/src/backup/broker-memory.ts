import { channels, decodeMessage, type KnownChannel, placesOf, type TopicRoots, topicOf } from '@vigilia/protocol';
import { type ChannelBus, type Clock, UsageError, within } from '@vigilia/service';
import { z } from 'zod';

/**
 * What the orchestrator keeps on the broker: desired state (rooms, homes, zones and learned things), policy with its history,
 * incidents with their replays, alarm figures. All other retained messages are published again by their owners.
 */
const kept = {
  orchestratorRooms: channels.orchestratorRooms,
  orchestratorPolicy: channels.orchestratorPolicy,
  alarmFigures: channels.alarmFigures,
  incident: channels.incident,
  replay: channels.replay,
} as const satisfies Record<string, KnownChannel>;
type KeptName = keyof typeof kept;

/** A retained message, whose payload is kept as it was published: with fields that this version does not know. */
export interface KeptMessage {
  readonly channel: KeptName;
  readonly places: Readonly<Record<string, string>>;
  readonly payload: string;
}

const keptMessageSchema = z.object({
  channel: z.enum(Object.keys(kept) as [KeptName, ...KeptName[]]),
  places: z.record(z.string(), z.string()),
  payload: z.string(),
});

/** No message for this long means that the broker has sent what it retains. */
const quietMs = 1000;
const longestMs = 30_000;

/** State of a site on its broker. */
export interface BrokerMemory {
  readonly messages: readonly KeptMessage[];
  /** An orchestrator acts at the moment. */
  readonly acting: boolean;
}

/**
 * Reads what the orchestrator keeps on the broker, as one state: it waits until no message has arrived for a second.
 * @throws UsageError `broker_state_unreadable` when a message is not valid, `broker_busy` when messages keep arriving
 */
export async function readBrokerMemory(bus: ChannelBus, clock: Clock): Promise<BrokerMemory> {
  const messages = new Map<string, KeptMessage>();
  let acting = false;
  let invalid: string | undefined;
  let lastMs = clock.monotonic();
  await bus.subscribeAll(
    Object.values(kept),
    ({ channel, value, arrival: { topic, payload } }) => {
      lastMs = clock.monotonic();
      if (value === undefined) {
        messages.delete(topic);
        return;
      }
      const places = placesOf(kept[channel], topic, bus.roots) ?? {};
      messages.set(topic, { channel, places, payload: payload.toString() });
    },
    {
      onRejected: ({ arrival, message }) => {
        invalid = `${arrival.topic}: ${message}`;
      },
    },
  );
  await bus.subscribe(channels.orchestratorStatus, ({ value }) => {
    acting = value?.status === 'acting';
  });
  const startMs = clock.monotonic();
  lastMs = startMs;
  while (clock.monotonic() - lastMs < quietMs) {
    if (clock.monotonic() - startMs > longestMs) throw busy();
    await clock.sleep(quietMs / 4);
  }
  if (invalid !== undefined) throw unreadable(invalid);
  return { messages: [...messages.values()], acting };
}

/** Returns the messages of `broker.json`. @throws UsageError `broker_state_unreadable` for one that this version would reject */
export function parseKeptMessages(content: unknown, roots: TopicRoots): readonly KeptMessage[] {
  const parsed = z.array(keptMessageSchema).safeParse(content);
  if (!parsed.success) throw unreadable('the list of messages is not valid');
  for (const message of parsed.data) {
    const topic = topicOfKept(message, roots);
    const raw = { topic, payload: Buffer.from(message.payload), retain: true };
    const decoded = decodeMessage<KnownChannel>(kept[message.channel], message.places, raw);
    if (!decoded.ok) throw unreadable(`${topic}: ${decoded.rejection.message}`);
  }
  return parsed.data;
}

/**
 * Makes the broker keep these messages and no others of their channels. When a message is not accepted, those before it are taken
 * back.
 * @throws BusError, or TimeLimitError when the broker does not accept them in time
 */
export async function replaceBrokerMemory(
  bus: ChannelBus,
  wanted: readonly KeptMessage[],
  before: readonly KeptMessage[],
): Promise<void> {
  try {
    await publishInstead(bus, wanted, before);
  } catch (error) {
    await publishInstead(bus, before, wanted).catch(() => undefined);
    throw error;
  }
}

async function publishInstead(bus: ChannelBus, wanted: readonly KeptMessage[], before: readonly KeptMessage[]) {
  const topics = new Set(wanted.map((message) => topicOfKept(message, bus.roots)));
  using limit = within(longestMs);
  for (const message of wanted) {
    await limit.race(publish(bus, message, message.payload));
  }
  for (const message of before.filter((one) => !topics.has(topicOfKept(one, bus.roots)))) {
    await limit.race(publish(bus, message, ''));
  }
}

async function publish(bus: ChannelBus, message: KeptMessage, payload: string): Promise<void> {
  await bus.bus.publish(topicOfKept(message, bus.roots), payload, { retain: true });
}

function topicOfKept({ channel, places }: KeptMessage, roots: TopicRoots): string {
  return topicOf<string>(kept[channel], places as never, roots);
}

function unreadable(what: string): UsageError {
  return new UsageError({
    code: 'broker_state_unreadable',
    message: `A message of the site's state is not valid for this version: ${what}`,
    remedy: 'Use the version of Vigilia that wrote it.',
  });
}

function busy(): UsageError {
  return new UsageError({
    code: 'broker_busy',
    message: `The state of the site changed all the time for ${longestMs / 1000} s.`,
    remedy: 'Try again when fewer incidents are open.',
  });
}
