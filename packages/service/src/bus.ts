import type { Backoff } from './backoff.ts';
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

export interface PublishOptions {
  /** 1 unless said. */
  qos?: 0 | 1;
  retain?: boolean;
  class?: 'kept' | 'answer' | 'latest';
  chosenByPeer?: boolean;
  /** After this long nobody needs it: dropped from our own queue, and by a broker that speaks MQTT 5. */
  expirySeconds?: number;
  correlationData?: Buffer;
  responseTopic?: string;
}

/** A retained message that the broker publishes when this client vanishes. */
export interface Will {
  topic: string;
  payload: unknown;
  retain?: boolean;
  qos?: 0 | 1;
}

export type MessageHandler = (message: BusMessage) => void | Promise<void>;

/** One MQTT connection that comes back by itself. */
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
   * message). QoS 1: resolves when the broker has it; while there is no connection it waits in a bounded queue, and is sent
   * again after a drop (at least once). QoS 0: resolves when handed over, dropped silently while there is no connection.
   * A rejection that nobody looks at does no harm.
   *
   * @throws BusError `queue_full`, `expired`, `stopped`, `refused`
   */
  publish(topic: string, payload: unknown, options?: PublishOptions): Promise<void>;
  /**
   * Calls `handler` for each message that matches. Resolves when the broker granted it; without a connection at once: it is then
   * asked for at the next connection, and again whenever the broker has forgotten the session. With a persistent session
   * subscribe *before* `start()`, or what waited at the broker meets no handler.
   * One subscription's messages are handled one after another; a QoS 1 message is acknowledged to the broker when its handlers
   * have finished. A handler that throws is logged and its message acknowledged, unless it throws `RedeliverError`.
   *
   * @throws BusError `refused`, `stopped`
   */
  subscribe(filter: string, handler: MessageHandler, options?: { qos?: 0 | 1; refresh?: boolean }): Promise<void>;
  /** Removes all handlers of this filter. */
  unsubscribe(filter: string): Promise<void>;
  /** `fn` runs on every connection, after the subscriptions and after the queued messages were sent. */
  onConnect(fn: () => void | Promise<void>): void;
  onDisconnect(fn: () => void): void;
  /** Leaves in order (the old will is not published) and comes back with another client id or will. */
  reconnect(identity: { clientId?: string; will?: Will }): Promise<void>;
  /** Sends what waits (bounded), leaves in order: no will. Idempotent. Publish your own `offline` first. */
  stop(): Promise<void>;
}

export interface BusOptions {
  /** `mqtt://host:1883`, `mqtts://…`. */
  url: string;
  clientId: string;
  /** `false`: a persistent session. */
  clean?: boolean;
  will?: Will;
  username?: string | undefined;
  password?: string | undefined;
  /** PEM file of the authority that signed the broker's certificate. */
  caFile?: string | undefined;
  /** 4 unless said: a pulled cable is noticed after 6 s. */
  keepaliveSeconds?: number;
  logger: Logger;
  /** QoS 1 messages that may wait for the broker; 1,000 unless said. */
  maxQueued?: number;
  /** Another client uses our id: called once, and the bus connects no more. Without it the bus keeps trying. */
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
}

/**
 * Thrown by a handler that could not take a QoS 1 message: it is not acknowledged, the connection is dropped and the broker
 * delivers it again (persistent sessions only).
 */
export class RedeliverError extends Error {
  override readonly name = 'RedeliverError';
  readonly code = 'redeliver';
}
