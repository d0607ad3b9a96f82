import type { Backoff } from './backoff.ts';
import { credentialsFor } from './broker-addresses.ts';
import type { BrokerPlace } from './broker-place.ts';
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
/** With other brokers to go to. A cluster that is choosing another leader may take longer, and is asked again. */
const CONNECT_TIMEOUT_SEVERAL_MS = 3000;
/** A connection that lasted this long was a good one: the next attempt waits no longer than the first. */
const STEADY_MS = 5000;

export interface ClientIdentity {
  clientId: string;
  will: Will | undefined;
}

/** Where a link connects to. */
type LinkPlace = Pick<BrokerPlace, 'several' | 'find' | 'lost' | 'onMove'>;

export interface LinkOptions {
  place: LinkPlace;
  identity: ClientIdentity;
  protocol: MqttProtocol;
  clean: boolean;
  /** A persistent session begins anew at a broker that the link comes to from another one. */
  forgetsOnMove: boolean;
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
  onOpened: (connection: Connection, moved: boolean) => Promise<void>;
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
  /** Of the present or last connection that was in use. */
  #address: string | undefined;
  /** Of the present connection, or of the attempt at one. */
  #target: string | undefined;
  #ended = false;
  #leaving = false;
  #wake = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#identity = options.identity;
    this.#protocol = new ProtocolChoice(options.protocol);
    this.#failures = new ConnectFailures({ logger: options.logger, clock: options.clock });
    options.place.onMove(() => this.#moveAway());
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

  /** Another broker was chosen. The line is cut, so that the will shows at this broker that the service is not here any more. */
  #moveAway(): void {
    // no connection or attempt yet: the link waits for the choice
    if (this.#target === undefined) return;
    this.#leaving = true;
    this.#wake.abort();
    this.#connection?.cut();
  }

  async #leave(): Promise<void> {
    this.#leaving = true;
    this.#wake.abort();
    await this.#connection?.close();
  }

  async #run(): Promise<void> {
    while (!this.#ended) {
      this.#leaving = false;
      this.#target = undefined;
      this.#wake = new AbortController();
      const { place } = this.#options;
      const address = await place.find(this.#wake.signal).catch(() => undefined);
      if (address === undefined) continue;
      this.#target = address;
      const connection = await this.#connect(address);
      if (connection !== undefined) {
        await this.#serve(connection, address);
      }
      if (!this.#ended && !this.#leaving) {
        place.lost(address);
        await this.#options.clock.sleep(this.#options.backoff.next(), this.#wake.signal).catch(() => {});
      }
    }
  }

  async #connect(address: string): Promise<Connection | undefined> {
    const version = this.#protocol.current;
    try {
      return await this.#open(address, version).catch((error: unknown) => {
        const other = error instanceof ConnectError ? this.#protocol.after(error) : undefined;
        if (other === undefined || this.#leaving) {
          throw error;
        }
        return this.#open(address, other);
      });
    } catch (error) {
      if (!this.#leaving) {
        this.#failures.failed(error, address);
      }
      return undefined;
    }
  }

  #isMove(address: string): boolean {
    return this.#address !== undefined && this.#address !== address;
  }

  async #open(address: string, protocolVersion: 4 | 5): Promise<Connection> {
    const { several } = this.#options.place;
    const forget = this.#isMove(address) && this.#options.forgetsOnMove && !this.#options.clean;
    const connectionOptions = {
      ...this.#options,
      ...this.#identity,
      ...credentialsFor(address, this.#options, several),
      url: address,
      protocolVersion,
      connectTimeoutMs: several ? CONNECT_TIMEOUT_SEVERAL_MS : CONNECT_TIMEOUT_MS,
      signal: this.#wake.signal,
    };
    if (forget && protocolVersion === 4) {
      // 3.1.1 cannot begin a persistent session anew: a clean one deletes it
      await (await openConnection({ ...connectionOptions, clean: true, will: undefined })).close();
    }
    const connection = await openConnection({ ...connectionOptions, forget: forget && protocolVersion === 5 });
    this.#protocol.worked(protocolVersion);
    return connection;
  }

  /** Until the connection ends. */
  async #serve(connection: Connection, address: string): Promise<void> {
    const { clock, logger, backoff, onOpened, onClosed } = this.#options;
    this.#connection = connection;
    if (this.#leaving) {
      // asked to leave while the connection was being made
      await connection.close();
      this.#connection = undefined;
      return;
    }
    const moved = this.#isMove(address);
    this.#address = address;
    const since = clock.monotonic();
    onOpened(connection, moved).catch((err: unknown) => {
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
        url: redactUrl(this.#address ?? ''),
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
