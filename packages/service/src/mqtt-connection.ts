// The only file that knows mqtt.js; its types do not leave here.
import { type IClientOptions, type IPublishPacket, type MqttClient, connect as mqttConnect } from 'mqtt';
import { AcknowledgeQueue } from './acknowledge-queue.ts';
import type { BusMessage, PublishOptions, Will } from './bus.ts';

export interface ConnectionOptions {
  url: string;
  clientId: string;
  clean: boolean;
  keepaliveSeconds: number;
  protocolVersion: 4 | 5;
  connectTimeoutMs: number;
  /** Gives the attempt up. */
  signal: AbortSignal;
  will?: Will | undefined;
  username?: string | undefined;
  password?: string | undefined;
  ca?: Buffer | undefined;
  /** Settles to `false` when the message must be delivered again; the PUBACK of a QoS 1 message is sent when it settles. */
  onMessage: (message: BusMessage) => Promise<boolean>;
}

/** Why a connection ended. `reasonCode` is MQTT 5's, where the broker gave one. */
export interface ConnectionEnd {
  reasonCode?: number;
  error?: Error;
}

/** One connection to a broker, from CONNACK to its end. It never comes back: the bus opens another. */
export interface Connection {
  readonly sessionPresent: boolean;
  readonly closed: Promise<ConnectionEnd>;
  /** QoS 1: resolves on PUBACK. May never settle when the connection ends. Rejects with a reason code when refused. */
  publish(topic: string, payload: Buffer, options: PublishOptions): Promise<void>;
  subscribe(filter: string, qos: 0 | 1): Promise<void>;
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

  constructor(message: string, refusedCode: number | undefined, cause: unknown) {
    super(message, { cause });
    this.refusedCode = refusedCode;
  }
}

/** JSON unless it is bytes or text already; nothing for `null`, `undefined` and `''`. */
export function encodePayload(payload: unknown): Buffer {
  if (payload === null || payload === undefined) {
    return Buffer.alloc(0);
  }
  if (payload instanceof Uint8Array) {
    return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  }
  return Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
}

/**
 * Opens one connection.
 *
 * @throws ConnectError
 */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const client = mqttConnect(options.url, clientOptions(options));
  receive(client, options.onMessage);
  const closed = watchEnd(client);
  const giveUp = (): void => void client.end(true);
  options.signal.addEventListener('abort', giveUp, { once: true });
  try {
    const sessionPresent = await Promise.race([
      new Promise<boolean>((resolve) => client.once('connect', (packet) => resolve(packet.sessionPresent))),
      closed.then((end) => Promise.reject(connectError(end.error))),
    ]);
    return wrap(client, sessionPresent, closed);
  } finally {
    options.signal.removeEventListener('abort', giveUp);
  }
}

/** Resolves when the line is gone, with why. */
function watchEnd(client: MqttClient): Promise<ConnectionEnd> {
  let error: Error | undefined;
  let reasonCode: number | undefined;
  client.on('error', (latest) => {
    error = latest;
  });
  client.on('disconnect', (packet) => {
    reasonCode = packet.reasonCode;
  });
  return new Promise((resolve) => {
    client.once('close', () => {
      // a CONNACK's refusal arrives as an error event after the close
      setImmediate(() => {
        client.end(true);
        resolve({ ...(reasonCode !== undefined && { reasonCode }), ...(error !== undefined && { error }) });
      });
    });
  });
}

function clientOptions(options: ConnectionOptions): IClientOptions {
  const { will, username, password, ca, clean, protocolVersion } = options;
  return {
    protocolVersion,
    clientId: options.clientId,
    clean,
    keepalive: options.keepaliveSeconds,
    connectTimeout: options.connectTimeoutMs,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(ca !== undefined && { ca }),
    // without an expiry an MQTT 5 session ends with its connection; 3.1.1 sessions never end
    ...(protocolVersion === 5 && !clean && { properties: { sessionExpiryInterval: 0xffffffff } }),
    ...(will !== undefined && {
      will: {
        topic: will.topic,
        payload: encodePayload(will.payload),
        retain: will.retain ?? false,
        qos: will.qos ?? 1,
      },
    }),
  };
}

interface PacketSender {
  _sendPacket(packet: { cmd: string; messageId?: number }, done?: (error?: Error) => void): void;
}

/**
 * Hands packets on without holding up the connection. mqtt.js would send the PUBACK as soon as `handleMessage` calls back and
 * reads nothing before: a handler that waits for a PUBACK of its own, or for longer than the keepalive, would block itself.
 * So its PUBACK is held back and ours is sent when the message has been handled.
 */
function receive(client: MqttClient, onMessage: ConnectionOptions['onMessage']): void {
  const sender = client as unknown as PacketSender;
  const send = sender._sendPacket.bind(client);
  sender._sendPacket = (packet, done) => {
    if (packet.cmd === 'puback') {
      done?.();
    } else {
      send(packet, done);
    }
  };
  const order = new AcknowledgeQueue();
  client.handleMessage = (packet, done) => {
    const { messageId, qos } = packet;
    const handled = order.enter(() => {
      if (qos === 1 && messageId !== undefined && client.connected) {
        send({ cmd: 'puback', messageId });
      }
    });
    void onMessage(toMessage(packet)).then((taken) => (taken ? handled() : client.stream.destroy()));
    done();
  };
}

function toMessage(packet: IPublishPacket): BusMessage {
  const payload = Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload);
  const { responseTopic, correlationData, messageExpiryInterval } = packet.properties ?? {};
  return {
    topic: packet.topic,
    payload,
    retain: packet.retain,
    dup: packet.dup,
    qos: packet.qos,
    ...(responseTopic !== undefined && { responseTopic }),
    ...(correlationData !== undefined && { correlationData }),
    ...(messageExpiryInterval !== undefined && { expirySeconds: messageExpiryInterval }),
    json: () => JSON.parse(payload.toString('utf8')),
  };
}

function wrap(client: MqttClient, sessionPresent: boolean, closed: Promise<ConnectionEnd>): Connection {
  return {
    sessionPresent,
    closed,
    publish: async (topic, payload, options) => {
      const properties = client.options.protocolVersion === 5 ? publishProperties(options) : undefined;
      const { qos = 1, retain = false } = options;
      await client.publishAsync(topic, payload, { qos, retain, ...(properties !== undefined && { properties }) });
    },
    subscribe: async (filter, qos) => {
      const grants = await client.subscribeAsync(filter, { qos });
      if (grants.some((grant) => grant.qos >= 0x80)) {
        throw new Error(`the broker does not allow to subscribe to ${filter}`);
      }
    },
    unsubscribe: async (filter) => {
      await client.unsubscribeAsync(filter);
    },
    close: async (timeoutMs = 1000) => {
      // not `end(true)`: mqtt.js ignores it while it waits for a broker that does not close its side
      const timer = setTimeout(() => client.stream.destroy(), timeoutMs);
      client.end();
      await closed;
      clearTimeout(timer);
    },
    cut: () => {
      client.stream.destroy();
    },
  };
}

function publishProperties(options: PublishOptions): IPublishPacket['properties'] {
  const { expirySeconds, responseTopic, correlationData } = options;
  return {
    ...(expirySeconds !== undefined && { messageExpiryInterval: Math.max(1, Math.ceil(expirySeconds)) }),
    ...(responseTopic !== undefined && { responseTopic }),
    ...(correlationData !== undefined && { correlationData }),
  };
}

function connectError(error: (Error & { code?: unknown }) | undefined): ConnectError {
  const refusedCode = typeof error?.code === 'number' ? error.code : undefined;
  return new ConnectError(error?.message || (error?.code ? String(error.code) : 'no answer'), refusedCode, error);
}
