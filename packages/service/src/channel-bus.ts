import {
  type Ack,
  type Channel,
  type ChannelName,
  decodeMessage,
  describeIssue,
  disagreement,
  filterOf,
  type InputOf,
  type KnownChannel,
  type Message,
  mayReplyTo,
  type PlacesOf,
  placesOf,
  type Rejection,
  type TopicRoots,
  topicOf,
  withoutUndefined,
} from '@vigilia/protocol';
import { type Bus, BusError, type BusMessage, type PublishOptions } from './bus.ts';
import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';
import { redactDeep } from './redact.ts';
import { RejectedMessages } from './rejected-messages.ts';

/** How a message arrived. */
export interface Arrival {
  readonly topic: string;
  readonly retain: boolean;
  /** The broker may have delivered it before. */
  readonly dup: boolean;
  readonly qos: 0 | 1 | 2;
  readonly payload: Buffer;
  /** How long it remains valid, as the broker counts it; MQTT 5 only. */
  readonly expirySeconds: number | undefined;
  /** Where the sender wants an answer, if an answer may go there. */
  readonly replyTo: ReplyAddress | undefined;
}

export interface ReplyAddress {
  readonly topic: string;
  readonly correlationData: Buffer | undefined;
}

/** A valid message with how it arrived. */
export type Received<C extends KnownChannel> = Message<C> & { readonly arrival: Arrival };

/** A message of one of several channels, as a tagged union over `channel`. */
export type ReceivedOf<C extends KnownChannel> = C extends KnownChannel ? Received<C> : never;

/** A message that was not accepted, with how it arrived and the channel that it was for. */
export interface RejectedMessage extends Rejection {
  readonly channel: ChannelName;
  readonly places: Readonly<Record<string, string>>;
  readonly arrival: Arrival;
}

export interface SubscribeOptions<C extends KnownChannel> {
  /** Only this room, processor, … */
  readonly places?: Partial<PlacesOf<C>>;
  /** Requests retained messages again on every connection. */
  readonly refresh?: boolean;
  /** Begins to handle a message without waiting for the one before it. */
  readonly overlapping?: boolean;
  /** For senders that must be answered, and for what must be recorded: called after the rejection was counted. */
  readonly onRejected?: (message: RejectedMessage) => void | Promise<void>;
}

export interface ChannelBusOptions {
  readonly bus: Bus;
  readonly roots: TopicRoots;
  readonly logger: Logger;
  readonly clock: Clock;
}

type SendOptions = Pick<PublishOptions, 'expirySeconds' | 'correlationData' | 'responseTopic'>;

/**
 * The entry and exit of every message: subscribes to channels and publishes to them with checked, typed payloads. This is the
 * only reader of payloads from the broker.
 */
export class ChannelBus {
  readonly #options: ChannelBusOptions;
  readonly #rejected: RejectedMessages;

  constructor(options: ChannelBusOptions) {
    this.#options = options;
    this.#rejected = new RejectedMessages(options);
  }

  /** The connection underneath. */
  get bus(): Bus {
    return this.#options.bus;
  }

  get roots(): TopicRoots {
    return this.#options.roots;
  }

  get connected(): boolean {
    return this.bus.connected;
  }

  /** Rejected incoming and outgoing messages since the start, by channel and reason. */
  get rejections(): RejectedMessages {
    return this.#rejected;
  }

  /**
   * Calls `handler` for each valid message of a channel; resolves when the broker granted the subscription. Messages of one
   * subscription are handled one after another, unless `overlapping` is set.
   * @throws BusError `refused`, `stopped`
   */
  subscribe<C extends KnownChannel>(
    channel: C,
    handler: (message: Received<C>) => void | Promise<void>,
    options: SubscribeOptions<C> = {},
  ): Promise<void> {
    const filter = filterOf(channel as Channel, this.roots, options.places ?? {});
    const take = (message: BusMessage): void | Promise<void> => this.#take(channel, message, handler, options);
    const { refresh = false, overlapping = false } = options;
    return this.bus.subscribe(filter, take, { qos: channel.qos, refresh, overlapping });
  }

  /** Subscribes one handler to several channels; each has a subscription of its own, so that they do not wait for one another. */
  async subscribeAll<C extends KnownChannel>(
    wanted: readonly C[],
    handler: (message: ReceivedOf<C>) => void | Promise<void>,
    options: Pick<SubscribeOptions<C>, 'refresh' | 'overlapping' | 'onRejected'> = {},
  ): Promise<void> {
    const take = handler as (message: Received<KnownChannel>) => void | Promise<void>;
    await Promise.all(wanted.map((channel) => this.subscribe<KnownChannel>(channel, take, options)));
  }

  /**
   * Publishes a payload to a channel.
   * @throws BusError `invalid` when the channel's own schema rejects the payload, and those of `Bus.publish`
   */
  publish<C extends KnownChannel>(
    channel: C,
    places: PlacesOf<C>,
    payload: InputOf<C>,
    options: SendOptions = {},
  ): Promise<void> {
    const topic = topicOf(channel as Channel, places, this.roots);
    const problem = this.#problemOf(channel, places, payload);
    if (problem === undefined) {
      const shown = channel.redacted ? redactDeep(payload) : payload;
      return this.bus.publish(topic, shown, publishOptions(channel, options));
    }
    this.#rejected.outgoing(channel.name, topic, problem);
    return silent(new BusError('invalid', `The message to ${topic} was not published: ${problem}`));
  }

  /** Clears a retained message. */
  clear<C extends KnownChannel>(channel: C, places: PlacesOf<C>): Promise<void> {
    const topic = topicOf(channel as Channel, places, this.roots);
    // also where lost messages do not matter: a message that is not cleared stays for ever
    const delivery = channel.delivery === 'latest' ? 'answer' : channel.delivery;
    return this.bus.publish(topic, '', { qos: 1, retain: true, class: delivery });
  }

  /**
   * Sends a copy of an answer to the response topic of a request. Never waited for, and a failure of it is only logged: it must
   * not decide what happens with the command.
   */
  reply({ topic, correlationData }: ReplyAddress, ack: Ack): void {
    const data = correlationData === undefined ? {} : { correlationData };
    this.bus.publish(topic, redactDeep(ack), { class: 'answer', chosenByPeer: true, ...data }).catch((err: unknown) => {
      this.#options.logger.debug({ event: 'reply_failed', topic, err }, 'a copy of an answer was not sent');
    });
  }

  #take<C extends KnownChannel>(
    channel: C,
    message: BusMessage,
    handler: (message: Received<C>) => void | Promise<void>,
    options: SubscribeOptions<C>,
  ): void | Promise<void> {
    const places = placesOf(channel, message.topic, this.roots);
    // a filter may match topics that are not of the channel: `ack` is not the name of a processor
    if (places === undefined) return;
    const decoded = decodeMessage(channel, places, message);
    const arrival = this.#arrival(message);
    if (decoded.ok) {
      const received = { channel: channel.name, places: decoded.places, value: decoded.value, arrival };
      return handler(received as Received<C>);
    }
    const { rejection } = decoded;
    this.#rejected.incoming(channel.name, message.topic, rejection);
    return options.onRejected?.({ ...rejection, channel: channel.name, places, arrival });
  }

  #arrival(message: BusMessage): Arrival {
    const { responseTopic, correlationData } = message;
    const mayReply = responseTopic !== undefined && mayReplyTo(responseTopic, this.roots);
    return {
      topic: message.topic,
      retain: message.retain,
      dup: message.dup,
      qos: message.qos,
      payload: message.payload,
      expirySeconds: message.expirySeconds,
      replyTo: mayReply ? { topic: responseTopic, correlationData } : undefined,
    };
  }

  #problemOf(channel: Channel, places: object, payload: unknown): string | undefined {
    const result = channel.schema.safeParse(payload, { reportInput: true });
    if (!result.success) return describeIssue(result.error, 'field').message;
    return disagreement(channel, places as Readonly<Record<string, string | number>>, payload)?.message;
  }
}

function publishOptions(channel: Channel, options: SendOptions): PublishOptions {
  const expirySeconds = options.expirySeconds ?? channel.expirySeconds;
  return withoutUndefined({
    qos: channel.qos,
    retain: channel.retain,
    class: channel.delivery,
    expirySeconds,
    correlationData: options.correlationData,
    responseTopic: options.responseTopic,
  });
}

/** A rejected promise whose rejection may go unhandled. */
function silent(error: BusError): Promise<never> {
  const rejected = Promise.reject(error);
  rejected.catch(() => {});
  return rejected;
}
