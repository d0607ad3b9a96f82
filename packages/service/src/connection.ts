import type { BusMessage, Will } from './bus.ts';
import type { Clock } from './clock.ts';
import type { OutgoingPublish } from './mqtt-packets.ts';
import type { SkippedPublish } from './packet-framer.ts';
import type { PacketIds } from './packet-ids.ts';

export interface ConnectionOptions {
  url: string;
  clientId: string;
  clean: boolean;
  /** A persistent session begins anew: what it held at this broker from before is dropped. */
  forget?: boolean;
  keepaliveSeconds: number;
  protocolVersion: 4 | 5;
  connectTimeoutMs: number;
  /** Gives the attempt up. */
  signal: AbortSignal;
  clock: Clock;
  ids: PacketIds;
  will?: Will | undefined;
  username?: string | undefined;
  password?: string | undefined;
  ca?: Buffer | undefined;
  /** Settles to `false` when the message must be delivered again; the PUBACK of a QoS 1 message is sent when it settles. */
  onMessage: (message: BusMessage) => Promise<boolean>;
  /** A message above `MAX_INBOUND_BYTES` was acknowledged without being read. */
  onSkipped: (publish: SkippedPublish) => void;
  /** The socket takes data again. */
  onDrain: () => void;
}

/** Why a connection ended. `reasonCode` is MQTT 5's, where the broker gave one. */
export interface ConnectionEnd {
  reasonCode: number | undefined;
  error: Error | undefined;
}

export interface RequestedSubscription {
  readonly filter: string;
  readonly qos: 0 | 1;
}

/** One connection to a broker, from CONNACK to its end. It never comes back: the bus opens another. */
export interface Connection {
  readonly sessionPresent: boolean;
  readonly closed: Promise<ConnectionEnd>;
  /** The broker's Maximum Packet Size, where it announced one. */
  readonly maxPacketBytes: number | undefined;
  /** How many QoS 1 messages the broker takes before it has acknowledged the first. */
  readonly receiveMaximum: number;
  /** The socket takes data without buffering. */
  readonly writable: boolean;
  /** The bytes of a PUBLISH: QoS 1 with a `messageId`, else QoS 0. @throws Error when it cannot be encoded */
  encode(publish: OutgoingPublish): Buffer;
  send(packet: Buffer): void;
  /** Resolves with the PUBACK's reason code (0 with MQTT 3.1.1). Never settles when the connection ends. */
  sendConfirmed(packet: Buffer, messageId: number): Promise<number>;
  /** Resolves with the granted quality of service, or a code ≥ 0x80, of each. Never settles when the connection ends. */
  subscribe(subscriptions: readonly RequestedSubscription[]): Promise<readonly number[]>;
  unsubscribe(filter: string): Promise<void>;
  /** Leaves in order; after `timeoutMs` by cutting the line. */
  close(timeoutMs?: number): Promise<void>;
  /** Cuts the line: the broker publishes the will. */
  cut(): void;
}

/** A connection was not made; `refusedCode` is the CONNACK's code when the broker answered. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  readonly refusedCode: number | undefined;
  /** The line was there, and the broker ended it or was silent instead of answering CONNECT. */
  readonly unanswered: boolean;

  constructor(message: string, refusedCode: number | undefined, cause: unknown, unanswered = false) {
    super(message, { cause });
    this.refusedCode = refusedCode;
    this.unanswered = unanswered;
  }
}
