import type { Backoff } from './backoff.ts';
import type { BusMessage, MqttProtocol, Will } from './bus.ts';
import type { Clock } from './clock.ts';
import { ConnectFailures } from './connect-failures.ts';
import { ConnectError, type Connection, type ConnectionEnd } from './connection.ts';
import type { Logger } from './logger.ts';
import { openConnection } from './mqtt-connection.ts';
import type { SkippedPublish } from './packet-framer.ts';
import type { PacketIds } from './packet-ids.ts';
import { ProtocolChoice } from './protocol-choice.ts';
import { reasonText, SESSION_TAKEN_OVER } from './reason-codes.ts';
import { redactUrl } from './redact.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** A connection that lasted this long was a good one: the next attempt waits no longer than the first. */
const STEADY_MS = 5000;

export interface ClientIdentity {
  clientId: string;
  will: Will | undefined;
}

export interface LinkOptions {
  url: string;
  identity: ClientIdentity;
  protocol: MqttProtocol;
  clean: boolean;
  username: string | undefined;
  password: string | undefined;
  ca: Buffer | undefined;
  keepaliveSeconds: number;
  logger: Logger;
  clock: Clock;
  backoff: Backoff;
  ids: PacketIds;
  onMessage: (message: BusMessage) => Promise<boolean>;
  onSkipped: (publish: SkippedPublish) => void;
  onDrain: () => void;
  /** A connection is there; a failure here ends it. */
  onOpened: (connection: Connection) => Promise<void>;
  /** `unexpected`: we did not ask for it. */
  onClosed: (end: { unexpected: boolean; reasonCode: number | undefined }) => void;
  onTakenOver: (() => void) | undefined;
}

/** Keeps one connection to the broker open: attempts with backoff, protocol fallback, take-over, change of identity. */
export class MqttLink {
  readonly #options: LinkOptions;
  readonly #failures: ConnectFailures;
  readonly #protocol: ProtocolChoice;
  #identity: ClientIdentity;
  #connection: Connection | undefined;
  #ended = false;
  #leaving = false;
  #wake = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#identity = options.identity;
    this.#protocol = new ProtocolChoice(options.protocol);
    this.#failures = new ConnectFailures({ logger: options.logger, clock: options.clock, url: options.url });
  }

  get identity(): ClientIdentity {
    return this.#identity;
  }

  get protocolVersion(): 4 | 5 {
    return this.#protocol.current;
  }

  /** Begins to connect; does nothing the second time. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Leaves in order and connects at once with another identity. */
  async reconnect(identity: ClientIdentity): Promise<void> {
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
      if (connection !== undefined) {
        await this.#serve(connection);
      }
      if (!this.#ended && !this.#leaving) {
        await this.#options.clock.sleep(this.#options.backoff.next(), this.#wake.signal).catch(() => {});
      }
    }
  }

  async #connect(): Promise<Connection | undefined> {
    const version = this.#protocol.current;
    try {
      return await this.#open(version).catch((error: unknown) => {
        const other = error instanceof ConnectError ? this.#protocol.after(error) : undefined;
        if (other === undefined || this.#leaving) {
          throw error;
        }
        return this.#open(other);
      });
    } catch (error) {
      if (!this.#leaving) {
        this.#failures.failed(error);
      }
      return undefined;
    }
  }

  async #open(protocolVersion: 4 | 5): Promise<Connection> {
    const connection = await openConnection({
      ...this.#options,
      ...this.#identity,
      protocolVersion,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      signal: this.#wake.signal,
    });
    this.#protocol.worked(protocolVersion);
    return connection;
  }

  /** Until the connection ends. */
  async #serve(connection: Connection): Promise<void> {
    const { clock, logger, backoff, onOpened, onClosed } = this.#options;
    this.#connection = connection;
    if (this.#leaving) {
      // asked to leave while the connection was being made
      await connection.close();
      this.#connection = undefined;
      return;
    }
    const since = clock.monotonic();
    onOpened(connection).catch((err: unknown) => {
      logger.error({ event: 'mqtt_setup_failed', err }, 'setting up after connecting failed');
      connection.cut();
    });
    const end = await connection.closed;
    this.#connection = undefined;
    onClosed({ unexpected: !this.#leaving, reasonCode: end.reasonCode });
    if (this.#leaving) {
      return;
    }
    const connectedForMs = clock.monotonic() - since;
    if (connectedForMs >= STEADY_MS) {
      backoff.reset();
    }
    this.#logDisconnected(end, connectedForMs);
    if (end.reasonCode === SESSION_TAKEN_OVER) {
      this.#takenOver();
    }
  }

  /** The broker's word: another client uses our id. Dropped lines alone never mean that. */
  #takenOver(): void {
    const { logger, onTakenOver } = this.#options;
    logger.error({ event: 'mqtt_taken_over', client_id: this.#identity.clientId }, 'another client uses our client id');
    if (onTakenOver !== undefined) {
      this.#ended = true;
      onTakenOver();
    }
  }

  /** Logs that the connection is in use: its subscriptions are in place. */
  logConnected(connection: Connection): void {
    this.#options.logger.info(
      {
        event: 'mqtt_connected',
        url: redactUrl(this.#options.url),
        client_id: this.#identity.clientId,
        protocol_version: this.#protocol.current,
        session_present: connection.sessionPresent,
        failed_attempts: this.#failures.attempts,
      },
      'connected to the broker',
    );
    this.#failures.connected();
  }

  #logDisconnected(end: ConnectionEnd, connectedForMs: number): void {
    const fields = {
      event: 'mqtt_disconnected',
      connected_ms: Math.round(connectedForMs),
      reason: end.reasonCode === undefined ? undefined : reasonText(end.reasonCode),
      err: end.error,
    };
    this.#options.logger.warn(fields, 'connection to the broker lost');
  }
}
