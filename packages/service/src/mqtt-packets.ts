import type { IConnectPacket, IPublishPacket } from 'mqtt-packet';
import type { BusMessage, PublishOptions } from './bus.ts';
import type { ConnectionOptions } from './connection.ts';
import { parseBrokerUrl } from './open-socket.ts';

/** QoS 1 messages that a broker with MQTT 5 may send before the first is acknowledged. */
const RECEIVE_MAXIMUM = 64;
/** Largest packet that is taken from the broker, bytes. */
export const MAX_INBOUND_BYTES = 4 * 1024 * 1024;

/** A PUBLISH to be encoded. `messageId` only for QoS 1. */
export interface OutgoingPublish {
  topic: string;
  payload: Buffer;
  options: Pick<PublishOptions, 'retain' | 'expirySeconds' | 'responseTopic' | 'correlationData'>;
  messageId?: number;
  dup?: boolean;
}

/**
 * JSON unless it is bytes or text already; nothing for `null`, `undefined` and `''`.
 *
 * @throws TypeError when it cannot be written as JSON
 */
export function encodePayload(payload: unknown): Buffer {
  if (payload === null || payload === undefined) {
    return Buffer.alloc(0);
  }
  if (payload instanceof Uint8Array) {
    return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  }
  return Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
}

/** The CONNECT of a connection. */
export function connectPacket(options: ConnectionOptions): IConnectPacket {
  const { will, clean, forget = false, protocolVersion } = options;
  const inUrl = parseBrokerUrl(options.url);
  const username = options.username ?? inUrl.username;
  const password = options.password ?? inUrl.password;
  const packet: IConnectPacket = {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion,
    clientId: options.clientId,
    clean: clean || forget,
    keepalive: options.keepaliveSeconds,
  };
  if (username !== undefined) {
    packet.username = username;
  }
  if (password !== undefined) {
    packet.password = Buffer.from(password);
  }
  if (protocolVersion === 5) {
    packet.properties = {
      // without an expiry an MQTT 5 session ends with its connection; 3.1.1 sessions never end
      sessionExpiryInterval: clean ? 0 : 0xffffffff,
      receiveMaximum: RECEIVE_MAXIMUM,
      maximumPacketSize: MAX_INBOUND_BYTES,
    };
  }
  if (will !== undefined) {
    packet.will = {
      topic: will.topic,
      payload: encodePayload(will.payload),
      retain: will.retain ?? false,
      qos: will.qos ?? 1,
    };
  }
  return packet;
}

/** A PUBLISH; QoS 1 with a `messageId`, else QoS 0. */
export function publishPacket(publish: OutgoingPublish, protocolVersion: 4 | 5): IPublishPacket {
  const { topic, payload, options, messageId, dup = false } = publish;
  const packet: IPublishPacket = {
    cmd: 'publish',
    topic,
    payload,
    qos: messageId === undefined ? 0 : 1,
    retain: options.retain ?? false,
    dup,
  };
  if (messageId !== undefined) {
    packet.messageId = messageId;
  }
  if (protocolVersion === 5) {
    packet.properties = publishProperties(options);
  }
  return packet;
}

function publishProperties(options: OutgoingPublish['options']): NonNullable<IPublishPacket['properties']> {
  const { expirySeconds, responseTopic, correlationData } = options;
  const properties: NonNullable<IPublishPacket['properties']> = {};
  if (expirySeconds !== undefined) {
    properties.messageExpiryInterval = Math.min(0xffffffff, Math.max(1, Math.ceil(expirySeconds)));
  }
  if (responseTopic !== undefined) {
    properties.responseTopic = responseTopic;
  }
  if (correlationData !== undefined) {
    properties.correlationData = correlationData;
  }
  return properties;
}

/** A PUBLISH as handlers see it. */
export function toMessage(packet: IPublishPacket): BusMessage {
  const payload = Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload);
  const { responseTopic, correlationData, messageExpiryInterval } = packet.properties ?? {};
  const message: BusMessage = {
    topic: packet.topic,
    payload,
    retain: packet.retain,
    dup: packet.dup,
    qos: packet.qos,
    json: () => JSON.parse(payload.toString('utf8')),
  };
  if (responseTopic !== undefined) {
    message.responseTopic = responseTopic;
  }
  if (correlationData !== undefined) {
    message.correlationData = correlationData;
  }
  if (messageExpiryInterval !== undefined) {
    message.expirySeconds = messageExpiryInterval;
  }
  return message;
}
