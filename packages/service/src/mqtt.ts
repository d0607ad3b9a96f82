import { readFileSync } from 'node:fs';
import { createBackoff } from './backoff.ts';
import { type Bus, BusError, type BusOptions, type MessageHandler, type PublishOptions, type Will } from './bus.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Logger } from './logger.ts';
import { type Connection, encodePayload } from './mqtt-connection.ts';
import { MqttLink } from './mqtt-link.ts';
import { Outbox } from './outbox.ts';
import { Subscriptions } from './subscriptions.ts';
import { UsageError } from './usage-error.ts';

const STOP_FLUSH_MS = 2000;

/**
 * An MQTT connection that comes back by itself; see `Bus`. Connects with MQTT 5, and with 3.1.1 to a broker that refuses it.
 *
 * @throws UsageError `ca_file_unreadable`
 */
export function createBus(options: BusOptions): Bus {
  return new MqttBus(options);
}

class MqttBus implements Bus {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #link: MqttLink;
  readonly #subscriptions: Subscriptions;
  readonly #outbox: Outbox;
  readonly #granted = new Set<string>();
  readonly #connectHandlers: (() => void | Promise<void>)[] = [];
  readonly #disconnectHandlers: (() => void)[] = [];
  #waiting: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  /** The connection once its subscriptions are in place. */
  #ready: Connection | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: BusOptions) {
    const logger = options.logger.child({ component: 'mqtt' });
    this.#logger = logger;
    this.#clock = options.clock ?? systemClock;
    this.#subscriptions = new Subscriptions(logger);
    this.#outbox = new Outbox({
      capacity: options.maxQueued ?? 1000,
      clock: this.#clock,
      onOverflow: (topic) => logger.warn({ event: 'mqtt_queue_full', topic }, 'the oldest waiting message was dropped'),
    });
    this.#link = new MqttLink({
      url: options.url,
      identity: { clientId: options.clientId, will: options.will },
      clean: options.clean ?? true,
      username: options.username,
      password: options.password,
      ca: readCa(options.caFile),
      keepaliveSeconds: options.keepaliveSeconds ?? 4,
      logger,
      clock: this.#clock,
      backoff: options.backoff ?? createBackoff({ minMs: 250, maxMs: 5000 }),
      onMessage: (message) => this.#subscriptions.dispatch(message),
      onOpened: (connection) => this.#opened(connection),
      onClosed: () => this.#closed(),
      onTakenOver: options.onTakenOver,
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
      // from here on only stop() ends it: a stopping service still has things to say
      signal?.removeEventListener('abort', onAbort);
    }
  }

  publish(topic: string, payload: unknown, options: PublishOptions = {}): Promise<void> {
    const sent = this.#publish(topic, encodePayload(payload), options);
    sent.catch(() => {});
    return sent;
  }

  #publish(topic: string, payload: Buffer, options: PublishOptions): Promise<void> {
    if (this.#stopped !== undefined && this.#ready === undefined) {
      return Promise.reject(stoppedError());
    }
    if (options.qos === 0) {
      // QoS 0 promises nothing: it can only fail with its connection, which is noticed elsewhere
      return this.#ready?.publish(topic, payload, options).catch(() => {}) ?? Promise.resolve();
    }
    const sent = this.#outbox.add(topic, payload, options);
    if (this.#ready !== undefined) {
      this.#outbox.pump(this.#ready);
    }
    return sent;
  }

  async subscribe(filter: string, handler: MessageHandler, { qos = 1 }: { qos?: 0 | 1 } = {}): Promise<void> {
    if (this.#stopped !== undefined) {
      throw stoppedError();
    }
    this.#subscriptions.add(filter, handler, qos);
    this.#granted.delete(filter);
    if (this.#ready !== undefined) {
      await this.#ask(this.#ready, filter, qos);
    }
  }

  async unsubscribe(filter: string): Promise<void> {
    this.#subscriptions.remove(filter);
    this.#granted.delete(filter);
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

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    if (this.#ready !== undefined) {
      const limit = new AbortController();
      const late = this.#clock.sleep(STOP_FLUSH_MS, limit.signal).catch(() => {});
      await Promise.race([this.#outbox.drained(), this.#ready.closed, late]);
      limit.abort();
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

  async #opened(connection: Connection): Promise<void> {
    if (!connection.sessionPresent) {
      this.#granted.clear();
    }
    const missing = this.#subscriptions.list().filter(({ filter }) => !this.#granted.has(filter));
    for (const { filter, qos } of missing) {
      await this.#ask(connection, filter, qos).catch((err: unknown) => {
        this.#logger.error({ event: 'mqtt_subscribe_refused', filter, err }, 'the broker refused a subscription');
      });
    }
    this.#outbox.pump(connection);
    this.#ready = connection;
    for (const { resolve } of this.#waiting.splice(0)) {
      resolve();
    }
    for (const fn of this.#connectHandlers) {
      await this.#callSafely(fn);
    }
  }

  #closed(): void {
    const wasReady = this.#ready !== undefined;
    this.#ready = undefined;
    if (wasReady) {
      for (const fn of this.#disconnectHandlers) {
        void this.#callSafely(fn);
      }
    }
  }

  /** Asks for a subscription; when the connection ends meanwhile the next one asks again. */
  async #ask(connection: Connection, filter: string, qos: 0 | 1): Promise<void> {
    const granted = connection.subscribe(filter, qos).then(
      () => this.#granted.add(filter),
      (error: Error) => {
        throw new BusError('refused', `The broker refused the subscription to ${filter}: ${error.message}`, error);
      },
    );
    await Promise.race([granted, connection.closed]);
  }

  async #callSafely(fn: () => void | Promise<void>): Promise<void> {
    try {
      await fn();
    } catch (err) {
      this.#logger.error({ event: 'mqtt_callback_failed', err }, 'a connection callback failed');
    }
  }
}

function stoppedError(): BusError {
  return new BusError('stopped', 'the MQTT connection was stopped');
}

function readCa(file: string | undefined): Buffer | undefined {
  if (file === undefined) {
    return undefined;
  }
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new UsageError({
      code: 'ca_file_unreadable',
      message: `The broker's CA file cannot be read: ${(cause as Error).message}.`,
      remedy: 'Give the path of a PEM file.',
      cause,
    });
  }
}
