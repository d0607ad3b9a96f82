import type { Backoff } from './backoff.ts';
import type { BrokerPlace } from './broker-place.ts';
import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';

/** A message as it came from the broker. */
export interface BusMessage {
  topic: string;
  payload: Buffer;
  /** Kept by the broker from before we subscribed. */
  retain: boolean;
  dup: boolean;
  qos: 0 | 1 | 2;
  /** MQTT 5 only. */
  responseTopic?: string;
  correlationData?: Buffer;
  /** MQTT 5 only: for how long it is still worth something, as the broker counts it. */
  expirySeconds?: number;
  /** The payload parsed. @throws SyntaxError when it is not JSON */
  json(): unknown;
}

/**
 * How an outgoing message is treated when it has to wait. The classes have queues of their own and never displace or block
 * one another. Order holds within a class only: publish everything for one topic in one class.
 *
 * - `kept` (events, incidents, room state, retained state): QoS 1, in order, kept over lost connections. When its generous
 *   bound is reached a new message is rejected at once, unless it replaces a retained message that still waits.
 * - `answer` (ACKs, statuses): QoS 1, in order, kept over lost connections. When its bound is reached the oldest is dropped.
 * - `latest` (detections, metrics): QoS 0. While the socket is busy only the latest message per topic waits; without a
 *   connection it is dropped.
 */
export type PublishClass = 'kept' | 'answer' | 'latest';

export interface PublishOptions {
  /** 1 by default. Only chooses the default class; the class decides which quality of service is used. */
  qos?: 0 | 1;
  retain?: boolean;
  /** By default: QoS 0 → `latest`, retained → `kept`, anything else → `answer`. */
  class?: PublishClass;
  /** Drops the message after this long: from our own queue, and at a broker that speaks MQTT 5. */
  expirySeconds?: number;
  correlationData?: Buffer;
  responseTopic?: string;
  /**
   * The topic was chosen by another client (a response topic). When the broker refuses it the publisher learns it, and the
   * service stays ready.
   */
  chosenByPeer?: boolean;
}

/** A retained message that the broker publishes when this client vanishes. */
export interface Will {
  topic: string;
  payload: unknown;
  retain?: boolean;
  qos?: 0 | 1;
}

export type MessageHandler = (message: BusMessage) => void | Promise<void>;

/** See `Bus.subscribe`. */
export interface SubscriptionOptions {
  /** 1 by default. */
  qos?: 0 | 1;
  /** `false` by default. */
  refresh?: boolean;
  /** `false` by default. */
  overlapping?: boolean;
}

/** The state of a bus. Counters start at 0 with the process. */
export interface BusHealth {
  /** Connected, and the broker refuses nothing that this service needs. */
  ok: boolean;
  connected: boolean;
  /** The address of the present or last connection, without credentials. */
  broker: string;
  /** How often its process has left a broker for another one. */
  moves: number;
  /** Several brokers: the orchestrator was heard at this one within the last seconds. */
  leaderIsHere: boolean;
  /** Publishes that the broker refused with a reason code (MQTT 5). */
  refusedPublishes: number;
  /** Topics whose last publish was refused within the last five minutes, with the reason; at most 100. */
  refusedTopics: readonly string[];
  /** Subscriptions that the broker refused. It is asked again every ten seconds, and at every connection. */
  refusedSubscriptions: readonly string[];
  /** Messages of class `answer` that were dropped because their queue was full. */
  droppedAnswers: number;
  /** Messages of class `kept` that were rejected because their queue was full. */
  rejectedKept: number;
  /** Messages of class `latest` that a newer one replaced, or that found a busy socket. */
  droppedLatest: number;
  /** Messages that exceeded the broker's packet size. */
  tooLarge: number;
  /** Messages of the classes `kept` and `answer` that the broker has not acknowledged. */
  queued: number;
  queuedBytes: number;
}

/** One MQTT connection that is re-established automatically. */
export interface Bus {
  readonly connected: boolean;
  /** Of the present or last connection. */
  readonly protocolVersion: 4 | 5;
  readonly clientId: string;
  /**
   * Connects and keeps connected. Resolves at the first connection, however long it takes; rejects with the signal's reason
   * when it aborts first, with BusError `stopped` after `stop()`.
   */
  start(signal?: AbortSignal): Promise<void>;
  /**
   * Publishes JSON (`Buffer` and text as they are; `''`, `null` and `undefined` as an empty payload, which clears a retained
   * message). Classes `kept` and `answer`: resolves when the broker has it; while there is no connection it waits in a bounded
   * queue, and is sent again after a drop (at least once). Class `latest`: resolves when handed over, dropped silently while
   * there is no connection. A rejection that is not handled does no harm.
   *
   * @throws BusError `queue_full`, `expired`, `stopped`, `refused`, `too_large`, `invalid`
   */
  publish(topic: string, payload: unknown, options?: PublishOptions): Promise<void>;
  /**
   * Calls `handler` for each message that matches. Resolves when the broker granted it; without a connection at once: it is then
   * requested at the next connection, and again whenever the broker has forgotten the session. With a persistent session
   * subscribe *before* `start()`, or messages that waited at the broker meet no handler.
   * One subscription's messages are handled one after another; a QoS 1 message is acknowledged to the broker when its handlers
   * have finished. A handler that throws is logged and its message acknowledged, unless it throws `RedeliverError`.
   * `overlapping` calls the handler in order, but without waiting for the message before it: for a handler that waits for a disk.
   * `refresh` requests the subscription on every connection, so that the broker sends the retained messages again although it
   * kept the session.
   * A broker that speaks 3.1.1 may grant a subscription that its access rules forbid (Mosquitto does) and then send nothing.
   *
   * @throws BusError `refused`, `stopped`, `invalid`
   */
  subscribe(filter: string, handler: MessageHandler, options?: SubscriptionOptions): Promise<void>;
  /** Removes all handlers of this filter. */
  unsubscribe(filter: string): Promise<void>;
  /** `fn` runs on every connection, after the subscriptions and after the waiting messages were put in line. */
  onConnect(fn: () => void | Promise<void>): void;
  onDisconnect(fn: () => void): void;
  /** Leaves in order (the old will is not published) and connects again with another client id or will. */
  reconnect(identity: { clientId?: string; will?: Will }): Promise<void>;
  /** Returns the state and the counters. */
  health(): BusHealth;
  /**
   * Reports proof that another process uses our client id: another boot's status under our own name. With `onTakenOver` the
   * bus leaves in order, publishes nothing more, and calls it once; without it only the log shows it.
   */
  takenOver(): void;
  /** Sends what waits (bounded), leaves in order: no will. Idempotent. Publish your own `offline` first. */
  stop(): Promise<void>;
}

/** Bounds of one queue of outgoing messages. */
export interface QueueBounds {
  messages: number;
  bytes: number;
}

/** Which versions of MQTT are tried: `auto` tries 5 first and falls back to 3.1.1. */
export type MqttProtocol = 'auto' | '5' | '3.1.1';

export interface BusOptions {
  /** `mqtt://host:1883`, `mqtts://…`; several addresses are separated by commas, in the order of preference. */
  url: string;
  /** Several addresses: where the orchestrator shows at which broker it is. Without it the first broker that answers is taken. */
  leaderTopic?: string | undefined;
  /** Shared by all connections of a process; one of its own by default. */
  place?: BrokerPlace;
  clientId: string;
  /** `auto` by default. */
  protocol?: MqttProtocol;
  /** `false`: a persistent session. */
  clean?: boolean;
  /** A persistent session begins anew at a broker that the bus comes to from another one; `true` by default. */
  forgetsOnMove?: boolean;
  will?: Will;
  username?: string | undefined;
  password?: string | undefined;
  /** PEM file of the authority that signed the broker's certificate. */
  caFile?: string | undefined;
  /** Largest packet to send, bytes, where the broker announces no smaller limit; 1 MiB by default. */
  maxPacketBytes?: number | undefined;
  /** 4 by default: an unplugged cable is noticed within 6 s. */
  keepaliveSeconds?: number;
  logger: Logger;
  /** Bounds of the outgoing queues; `kept` 10,000 messages and 32 MiB, `answer` 120,000 messages and 64 MiB by default. */
  bounds?: { kept?: QueueBounds; answer?: QueueBounds };
  /**
   * Another client uses our id: called once, and the bus connects no more. Only proof counts: the broker's reason code 0x8E
   * (MQTT 5), or `takenOver()`. Without it the bus keeps trying.
   */
  onTakenOver?: () => void;
  /** Waiting times between attempts; for tests. */
  backoff?: Backoff;
  clock?: Clock;
}

/** Why something could not be published or subscribed; `code` is stable. */
export class BusError extends Error {
  override readonly name = 'BusError';
  readonly code: 'queue_full' | 'expired' | 'stopped' | 'refused' | 'too_large' | 'invalid';

  constructor(code: BusError['code'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }

  /** Publishing the same message again would end in the same way; the log and `health` show it. */
  get permanent(): boolean {
    return this.code === 'refused' || this.code === 'too_large' || this.code === 'invalid';
  }
}

/**
 * Thrown by a handler that could not take a QoS 1 message: it is not acknowledged, the connection is dropped and the broker
 * delivers it again (persistent sessions only).
 */
export class RedeliverError extends Error {
  override readonly name = 'RedeliverError';
  readonly code = 'redeliver';
}
