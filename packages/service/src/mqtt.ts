import { createBackoff } from './backoff.ts';
import { shownBroker } from './broker-addresses.ts';
import type { BrokerPlace } from './broker-place.ts';
import {
  type Bus,
  BusError,
  type BusHealth,
  type BusOptions,
  type MessageHandler,
  type PublishOptions,
  type SubscriptionOptions,
  type Will,
} from './bus.ts';
import { type Clock, systemClock, type Timer } from './clock.ts';
import type { Connection, RequestedSubscription } from './connection.ts';
import { createBrokerPlace, keepaliveSecondsFor, readCa, readPresence } from './create-broker-place.ts';
import type { Logger } from './logger.ts';
import { MqttLink } from './mqtt-link.ts';
import { encodePayload } from './mqtt-packets.ts';
import { defaultBounds, Outbox } from './outbox.ts';
import { PacketIds } from './packet-ids.ts';
import { PacketSizeLimit } from './packet-size-limit.ts';
import { PublishReports } from './publish-reports.ts';
import { reasonText } from './reason-codes.ts';
import { type Subscription, Subscriptions } from './subscriptions.ts';
import { topicFilterFault, topicNameFault } from './topic-name.ts';
import { within } from './within.ts';

const STOP_FLUSH_MS = 2000;
/** Filters in one SUBSCRIBE; brokers limit them (AWS IoT: 8). */
const SUBSCRIBE_AT_ONCE = 8;
/** A cluster that has lost a node refuses subscriptions until it has chosen another leader. */
const REFUSED_AGAIN_MS = 10_000;
/** Source: MQTT 5, 1.5.6 (binary data). */
const MAX_CORRELATION_BYTES = 65_535;

/**
 * An MQTT connection that is re-established automatically; see `Bus`. Connects with MQTT 5, and with 3.1.1 to a broker that
 * refuses it or does not answer.
 *
 * @throws UsageError `ca_file_unreadable`
 */
export function createBus(options: BusOptions): Bus {
  return new MqttBus(options);
}

class MqttBus implements Bus {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #place: BrokerPlace;
  /** The place ends with this bus: no other shares it. */
  readonly #ownsPlace: boolean;
  readonly #link: MqttLink;
  readonly #subscriptions: Subscriptions;
  readonly #outbox: Outbox;
  readonly #reports: PublishReports;
  readonly #onTakenOver: (() => void) | undefined;
  readonly #granted = new Set<string>();
  readonly #refused = new Map<string, string>();
  readonly #connectHandlers: (() => void | Promise<void>)[] = [];
  readonly #disconnectHandlers: (() => void)[] = [];
  #waiting: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  /** The connection once its subscriptions are in place. */
  #ready: Connection | undefined;
  #refusedAgain: Timer | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: BusOptions) {
    const logger = options.logger.child({ component: 'mqtt' });
    this.#logger = logger;
    this.#clock = options.clock ?? systemClock;
    this.#onTakenOver = options.onTakenOver;
    this.#subscriptions = new Subscriptions(logger, this.#clock);
    this.#reports = new PublishReports({ clock: this.#clock, logger });
    const ids = new PacketIds();
    this.#outbox = new Outbox({
      kept: options.bounds?.kept ?? defaultBounds.kept,
      answer: options.bounds?.answer ?? defaultBounds.answer,
      clock: this.#clock,
      ids,
      limit: new PacketSizeLimit(options.maxPacketBytes),
      reports: this.#reports,
    });
    this.#ownsPlace = options.place === undefined;
    this.#place = options.place ?? createBrokerPlace(options);
    this.#link = new MqttLink({
      place: this.#place,
      identity: { clientId: options.clientId, will: options.will },
      protocol: options.protocol ?? 'auto',
      clean: options.clean ?? true,
      forgetsOnMove: options.forgetsOnMove ?? true,
      username: options.username,
      password: options.password,
      ca: readCa(options.caFile),
      keepaliveSeconds: options.keepaliveSeconds ?? keepaliveSecondsFor(this.#place.several),
      logger,
      clock: this.#clock,
      backoff: options.backoff ?? createBackoff({ minMs: 250, maxMs: this.#place.several ? 1000 : 5000 }),
      ids,
      onMessage: (message) => this.#subscriptions.dispatch(message),
      onSkipped: (publish) => this.#subscriptions.skipped(publish),
      onDrain: () => this.#outbox.pump(),
      onOpened: (connection, moved) => this.#opened(connection, moved),
      onClosed: (end) => this.#closed(end),
      onTakenOver: options.onTakenOver === undefined ? undefined : () => this.#end(),
    });
    if (this.#place.follows && options.leaderTopic !== undefined) {
      this.#followLeader(options.leaderTopic);
    }
  }

  #followLeader(topic: string): void {
    const subscription = { filter: topic, qos: 0, refresh: false } as const;
    this.#subscriptions.add(subscription, (message) => {
      if (readPresence(message) !== undefined) {
        this.#place.leaderHeard();
      }
    });
  }

  get connected(): boolean {
    return this.#ready !== undefined;
  }

  get protocolVersion(): 4 | 5 {
    return this.#link.protocolVersion;
  }

  get clientId(): string {
    return this.#link.identity.clientId;
  }

  async start(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const connected = this.#nextConnection();
    this.#link.start();
    const onAbort = (): void => void this.stop();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      await connected;
    } catch (error) {
      throw signal?.aborted === true ? signal.reason : error;
    } finally {
      // from here on only stop() ends it: a stopping service still has messages to publish
      signal?.removeEventListener('abort', onAbort);
    }
  }

  publish(topic: string, payload: unknown, options: PublishOptions = {}): Promise<void> {
    const sent = this.#publish(topic, payload, options);
    sent.catch(() => {});
    return sent;
  }

  #publish(topic: string, payload: unknown, options: PublishOptions): Promise<void> {
    if (this.#stopped !== undefined && this.#ready === undefined) {
      return Promise.reject(stoppedError());
    }
    const fault = topicNameFault(topic);
    if (fault !== undefined) {
      return Promise.reject(new BusError('invalid', `The topic ${shown(topic)} ${fault}. Nothing was published.`));
    }
    const optionsFault = faultOf(options);
    if (optionsFault !== undefined) {
      const message = `A message to ${shown(topic)} was not published: its ${optionsFault}.`;
      return Promise.reject(new BusError('invalid', message));
    }
    try {
      return this.#outbox.add(topic, encodePayload(payload), options);
    } catch (cause) {
      const message = `The message to ${shown(topic)} cannot be written as JSON. Nothing was published.`;
      return Promise.reject(new BusError('invalid', message, cause));
    }
  }

  async subscribe(
    filter: string,
    handler: MessageHandler,
    { qos = 1, refresh = false, overlapping = false }: SubscriptionOptions = {},
  ): Promise<void> {
    if (this.#stopped !== undefined) {
      throw stoppedError();
    }
    const fault = topicFilterFault(filter);
    if (fault !== undefined) {
      throw new BusError('invalid', `The topic filter ${shown(filter)} ${fault}.`);
    }
    this.#subscriptions.add({ filter, qos, refresh }, handler, overlapping);
    this.#granted.delete(filter);
    if (this.#ready !== undefined) {
      await this.#request(this.#ready, [{ filter, qos }]);
      const reason = this.#refused.get(filter);
      if (reason !== undefined) {
        throw new BusError('refused', `The broker refused the subscription to ${filter}: ${reason}.`);
      }
    }
  }

  async unsubscribe(filter: string): Promise<void> {
    this.#subscriptions.remove(filter);
    this.#granted.delete(filter);
    this.#refused.delete(filter);
    if (this.#ready !== undefined) {
      await Promise.race([this.#ready.unsubscribe(filter), this.#ready.closed]);
    }
  }

  onConnect(fn: () => void | Promise<void>): void {
    this.#connectHandlers.push(fn);
  }

  onDisconnect(fn: () => void): void {
    this.#disconnectHandlers.push(fn);
  }

  async reconnect({ clientId, will }: { clientId?: string; will?: Will }): Promise<void> {
    const before = this.#link.identity;
    this.#granted.clear();
    const connected = this.#nextConnection();
    await this.#link.reconnect({ clientId: clientId ?? before.clientId, will: will ?? before.will });
    await connected;
  }

  health(): BusHealth {
    const { counts, refusedTopics } = this.#reports;
    const refusedSubscriptions = [...this.#refused].map(([filter, reason]) => `${filter}: ${reason}`);
    return {
      ok: this.connected && refusedTopics.length === 0 && refusedSubscriptions.length === 0,
      connected: this.connected,
      broker: shownBroker(this.#place.address),
      moves: this.#place.moves,
      leaderIsHere: this.#place.leaderIsHere,
      refusedPublishes: counts.refused,
      refusedTopics,
      refusedSubscriptions,
      droppedAnswers: counts.droppedAnswers,
      rejectedKept: counts.rejectedKept,
      droppedLatest: counts.droppedLatest,
      tooLarge: counts.tooLarge,
      queued: this.#outbox.size,
      queuedBytes: this.#outbox.bytes,
    };
  }

  takenOver(): void {
    if (this.#stopped !== undefined) {
      return;
    }
    const client_id = this.clientId;
    this.#logger.error({ event: 'mqtt_taken_over', client_id }, 'another process publishes under our name');
    if (this.#onTakenOver !== undefined) {
      this.#end();
    }
  }

  /** Another process has our place: leaves without another word, which would be taken for the other's. */
  #end(): void {
    this.#ready = undefined;
    this.#outbox.clear(stoppedError());
    this.#stopped ??= this.#leave();
    this.#onTakenOver?.();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    if (this.#ready !== undefined) {
      using limit = within(STOP_FLUSH_MS, undefined, { clock: this.#clock });
      await limit.waitFor(Promise.race([this.#outbox.drained(), this.#ready.closed]));
    }
    await this.#leave();
  }

  async #leave(): Promise<void> {
    this.#refusedAgain?.cancel();
    if (this.#ownsPlace) {
      this.#place.stop();
    }
    await this.#link.stop();
    this.#outbox.clear(stoppedError());
    for (const { reject } of this.#waiting.splice(0)) {
      reject(stoppedError());
    }
  }

  #nextConnection(): Promise<void> {
    if (this.#stopped !== undefined) {
      return Promise.reject(stoppedError());
    }
    const connected = new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    connected.catch(() => {});
    return connected;
  }

  async #opened(connection: Connection, moved: boolean): Promise<void> {
    if (moved || !connection.sessionPresent) {
      this.#granted.clear();
    }
    await this.#requestAll(
      connection,
      this.#subscriptions.list().filter((one) => this.#isMissing(one)),
    );
    this.#link.logConnected(connection);
    this.#outbox.attach(connection);
    this.#ready = connection;
    this.#place.connected();
    for (const { resolve } of this.#waiting.splice(0)) {
      resolve();
    }
    for (const fn of this.#connectHandlers) {
      await this.#callSafely(fn);
    }
  }

  async #requestAll(connection: Connection, wanted: readonly Subscription[]): Promise<void> {
    const requests: Promise<void>[] = [];
    for (let index = 0; index < wanted.length; index += SUBSCRIBE_AT_ONCE) {
      requests.push(this.#request(connection, wanted.slice(index, index + SUBSCRIBE_AT_ONCE)));
    }
    // sent together: every answer may have to wait behind the messages of a persistent session
    await Promise.all(requests);
  }

  #requestRefusedLater(): void {
    this.#refusedAgain?.cancel();
    this.#refusedAgain = this.#clock.setTimeout(() => {
      const refused = this.#subscriptions.list().filter(({ filter }) => this.#refused.has(filter));
      if (this.#ready !== undefined) {
        void this.#requestAll(this.#ready, refused);
      }
    }, REFUSED_AGAIN_MS);
  }

  #isMissing({ filter, refresh }: Subscription): boolean {
    return refresh || !this.#granted.has(filter);
  }

  #closed(end: { unexpected: boolean; reasonCode: number | undefined }): void {
    const wasReady = this.#ready !== undefined;
    this.#ready = undefined;
    this.#outbox.detach(end);
    if (wasReady) {
      for (const fn of this.#disconnectHandlers) {
        void this.#callSafely(fn);
      }
    }
  }

  /**
   * Requests subscriptions; when the connection ends meanwhile the next one requests them again. A refusal is logged and shown by
   * `health`.
   */
  async #request(connection: Connection, requested: readonly RequestedSubscription[]): Promise<void> {
    const codes = await Promise.race([connection.subscribe(requested), connection.closed.then(() => undefined)]);
    for (const [index, { filter }] of requested.entries()) {
      const code = codes?.[index];
      if (code !== undefined && this.#subscriptions.has(filter)) {
        this.#answered(filter, code);
      }
    }
  }

  #answered(filter: string, code: number): void {
    if (code < 0x80) {
      this.#granted.add(filter);
      this.#refused.delete(filter);
      return;
    }
    this.#requestRefusedLater();
    const reason = reasonText(code);
    if (this.#refused.get(filter) !== reason) {
      this.#refused.set(filter, reason);
      this.#logger.error({ event: 'mqtt_subscribe_refused', filter, reason }, 'the broker refused a subscription');
    }
  }

  async #callSafely(fn: () => void | Promise<void>): Promise<void> {
    try {
      await fn();
    } catch (err) {
      this.#logger.error({ event: 'mqtt_callback_failed', err }, 'a connection callback failed');
    }
  }
}

/** What a broker would end the connection for. */
function faultOf({ responseTopic, correlationData }: PublishOptions): string | undefined {
  const fault = responseTopic === undefined ? undefined : topicNameFault(responseTopic);
  if (fault !== undefined) {
    return `response topic ${fault}`;
  }
  const bytes = correlationData?.length ?? 0;
  return bytes > MAX_CORRELATION_BYTES
    ? `correlation data must have at most ${MAX_CORRELATION_BYTES} bytes (got ${bytes})`
    : undefined;
}

/** A topic for a sentence; one that is too long is cut. */
function shown(topic: string): string {
  return JSON.stringify(topic.length > 100 ? `${topic.slice(0, 100)}…` : topic);
}

function stoppedError(): BusError {
  return new BusError('stopped', 'the MQTT connection was stopped');
}
