import type { Backoff } from './backoff.ts';
import type { BusMessage, Will } from './bus.ts';
import type { Clock } from './clock.ts';
import { ConnectFailures } from './connect-failures.ts';
import type { Logger } from './logger.ts';
import { ConnectError, type Connection, type ConnectionEnd, openConnection } from './mqtt-connection.ts';
import { redactUrl } from './redact.ts';
import { createTakeoverDetector, TAKEOVER_WINDOW_MS } from './takeover.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** CONNACK codes for "unacceptable protocol version": MQTT 3.1.1 and MQTT 5. */
const VERSION_REFUSED: readonly (number | undefined)[] = [1, 0x84];

export interface Identity {
  clientId: string;
  will: Will | undefined;
}

export interface LinkOptions {
  url: string;
  identity: Identity;
  clean: boolean;
  username: string | undefined;
  password: string | undefined;
  ca: Buffer | undefined;
  keepaliveSeconds: number;
  logger: Logger;
  clock: Clock;
  backoff: Backoff;
  onMessage: (message: BusMessage) => Promise<boolean>;
  /** A connection is there; a failure here ends it. */
  onOpened: (connection: Connection) => Promise<void>;
  onClosed: () => void;
  onTakenOver: (() => void) | undefined;
}

/** Keeps one connection to the broker open: attempts with backoff, protocol fallback, take-over, change of identity. */
export class MqttLink {
  readonly #options: LinkOptions;
  readonly #failures: ConnectFailures;
  readonly #takeover = createTakeoverDetector();
  #identity: Identity;
  #protocolVersion: 4 | 5 = 5;
  #connection: Connection | undefined;
  #ended = false;
  #leaving = false;
  #wake = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#identity = options.identity;
    this.#failures = new ConnectFailures({ logger: options.logger, clock: options.clock, url: options.url });
  }

  get identity(): Identity {
    return this.#identity;
  }

  get protocolVersion(): 4 | 5 {
    return this.#protocolVersion;
  }

  /** Begins to connect; does nothing the second time. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Leaves in order and connects at once with another identity. */
  async reconnect(identity: Identity): Promise<void> {
    this.#identity = identity;
    await this.#leave();
  }

  /** Leaves in order and connects no more. */
  async stop(): Promise<void> {
    this.#ended = true;
    await this.#leave();
    await this.#running;
  }

  async #leave(): Promise<void> {
    this.#leaving = true;
    this.#wake.abort();
    await this.#connection?.close();
  }

  async #run(): Promise<void> {
    while (!this.#ended) {
      this.#leaving = false;
      this.#wake = new AbortController();
      const connection = await this.#connect();
      if (connection !== undefined && (await this.#serve(connection))) {
        return;
      }
      if (!this.#ended && !this.#leaving) {
        await this.#options.clock.sleep(this.#options.backoff.next(), this.#wake.signal).catch(() => {});
      }
    }
  }

  async #connect(): Promise<Connection | undefined> {
    try {
      return await this.#open().catch((error: unknown) => {
        if (
          this.#protocolVersion === 5 &&
          error instanceof ConnectError &&
          VERSION_REFUSED.includes(error.refusedCode)
        ) {
          this.#protocolVersion = 4;
          return this.#open();
        }
        throw error;
      });
    } catch (error) {
      if (!this.#leaving) {
        this.#failures.failed(error);
        this.#takeover.failed();
      }
      return undefined;
    }
  }

  #open(): Promise<Connection> {
    return openConnection({
      ...this.#options,
      ...this.#identity,
      protocolVersion: this.#protocolVersion,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      signal: this.#wake.signal,
    });
  }

  /** Until the connection ends; `true` when it was the last one. */
  async #serve(connection: Connection): Promise<boolean> {
    const { clock, logger, backoff, onOpened, onClosed, onTakenOver } = this.#options;
    this.#connection = connection;
    if (this.#leaving) {
      // asked to leave while the connection was being made
      await connection.close();
      this.#connection = undefined;
      return false;
    }
    const since = clock.monotonic();
    this.#sayConnected(connection);
    onOpened(connection).catch((err: unknown) => {
      logger.error({ event: 'mqtt_setup_failed', err }, 'setting up after connecting failed');
      connection.cut();
    });
    const end = await connection.closed;
    this.#connection = undefined;
    onClosed();
    if (this.#leaving) {
      return false;
    }
    const connectedForMs = clock.monotonic() - since;
    if (connectedForMs >= TAKEOVER_WINDOW_MS) {
      backoff.reset();
    }
    this.#sayDisconnected(end, connectedForMs);
    if (!this.#takeover.dropped(connectedForMs, end.reasonCode)) {
      return false;
    }
    logger.error({ event: 'mqtt_taken_over', client_id: this.#identity.clientId }, 'another client uses our client id');
    onTakenOver?.();
    return onTakenOver !== undefined;
  }

  #sayConnected(connection: Connection): void {
    this.#options.logger.info(
      {
        event: 'mqtt_connected',
        url: redactUrl(this.#options.url),
        client_id: this.#identity.clientId,
        protocol_version: this.#protocolVersion,
        session_present: connection.sessionPresent,
        failed_attempts: this.#failures.attempts,
      },
      'connected to the broker',
    );
    this.#failures.connected();
  }

  #sayDisconnected(end: ConnectionEnd, connectedForMs: number): void {
    const fields = {
      event: 'mqtt_disconnected',
      connected_ms: Math.round(connectedForMs),
      ...(end.reasonCode !== undefined && { reason_code: end.reasonCode }),
      ...(end.error !== undefined && { err: end.error }),
    };
    this.#options.logger.warn(fields, 'connection to the broker lost');
  }
}
