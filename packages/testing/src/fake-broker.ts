import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import {
  generate,
  type IConnectPacket,
  type IPublishPacket,
  type ISubscribePacket,
  type IUnsubscribePacket,
  type Packet,
  parser,
} from 'mqtt-packet';

/** What a broker with a fault does. Everything is granted and acknowledged unless it is set otherwise. */
export interface FakeBrokerOptions {
  /** Ends a connection of this version instead of answering CONNECT. */
  hangUpOn?: 4 | 5;
  /** Announced in CONNACK (MQTT 5); a client of 3.1.1 that sends more is cut off without a word. */
  maxPacketBytes?: number;
  receiveMaximum?: number;
  /** Reason code of every PUBACK. */
  pubackCode?: number;
  /** Reason code of every SUBACK. */
  subackCode?: number;
  /** Takes SUBSCRIBE or UNSUBSCRIBE and never answers it. */
  ignores?: 'subscribe' | 'unsubscribe';
  /** Does something else with a PUBLISH; returns whether it did. */
  onPublish?: (packet: IPublishPacket, client: FakeClient) => boolean;
}

/** One connection as the broker sees it. */
interface FakeClient {
  readonly connect: IConnectPacket;
  send(packet: Packet): void;
  /** Bytes as they are. */
  write(bytes: Buffer): void;
  cut(): void;
}

export interface FakeBroker {
  readonly url: string;
  /** May be changed at any time. */
  readonly options: FakeBrokerOptions;
  /** Every CONNECT, also those that were not answered. */
  readonly connects: readonly IConnectPacket[];
  /** Every PUBLISH, and the packet identifiers that clients acknowledged. */
  readonly publishes: readonly IPublishPacket[];
  readonly pubacks: readonly number[];
  /** SUBSCRIBE and UNSUBSCRIBE packets, also those that were not answered. */
  readonly requests: readonly Packet[];
  /** The clients that are connected. */
  readonly clients: ReadonlySet<FakeClient>;
  stop(): Promise<void>;
}

/** A broker for one fault at a time: it routes nothing and answers as configured. */
export async function startFakeBroker(options: FakeBrokerOptions = {}): Promise<FakeBroker> {
  const broker = new Broker(options);
  await broker.start();
  return broker;
}

class Broker implements FakeBroker {
  readonly options: FakeBrokerOptions;
  readonly connects: IConnectPacket[] = [];
  readonly publishes: IPublishPacket[] = [];
  readonly pubacks: number[] = [];
  readonly requests: Packet[] = [];
  readonly clients = new Set<FakeClient>();
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  constructor(options: FakeBrokerOptions) {
    this.options = options;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  get url(): string {
    return `mqtt://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  start(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) {
      socket.destroy();
    }
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', (first) => {
      const version = first.includes(Buffer.from([4, 0x4d, 0x51, 0x54, 0x54, 5])) ? 5 : 4;
      const serve = new Client(this, socket, version);
      socket.on('data', (chunk: Buffer) => serve.feed(chunk));
      socket.once('close', () => this.clients.delete(serve));
      serve.feed(first);
    });
  }
}

class Client implements FakeClient {
  readonly #broker: Broker;
  readonly #socket: Socket;
  readonly #version: 4 | 5;
  readonly #parser: ReturnType<typeof parser>;
  connect: IConnectPacket = { cmd: 'connect', clientId: '' };

  constructor(broker: Broker, socket: Socket, version: 4 | 5) {
    this.#broker = broker;
    this.#socket = socket;
    this.#version = version;
    this.#parser = parser({ protocolVersion: version });
    this.#parser.on('packet', (packet) => this.#take(packet));
    this.#parser.on('error', () => socket.destroy());
  }

  feed(chunk: Buffer): void {
    this.#parser.parse(chunk);
  }

  send(packet: Packet): void {
    this.write(generate(packet, { protocolVersion: this.#version }));
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  cut(): void {
    this.#socket.destroy();
  }

  #take(packet: Packet): void {
    switch (packet.cmd) {
      case 'connect':
        this.#onConnect(packet);
        break;
      case 'publish':
        this.#onPublish(packet);
        break;
      case 'puback':
        this.#broker.pubacks.push(packet.messageId ?? 0);
        break;
      case 'subscribe':
      case 'unsubscribe':
        this.#onRequest(packet);
        break;
      case 'pingreq':
        this.send({ cmd: 'pingresp' });
        break;
      default:
        break;
    }
  }

  #onConnect(packet: IConnectPacket): void {
    const { options, connects, clients } = this.#broker;
    connects.push(packet);
    this.connect = packet;
    if (options.hangUpOn === this.#version) {
      this.cut();
      return;
    }
    const properties: { maximumPacketSize?: number; receiveMaximum?: number } = {};
    if (options.maxPacketBytes !== undefined) {
      properties.maximumPacketSize = options.maxPacketBytes;
    }
    if (options.receiveMaximum !== undefined) {
      properties.receiveMaximum = options.receiveMaximum;
    }
    clients.add(this);
    this.send({ cmd: 'connack', reasonCode: 0, returnCode: 0, sessionPresent: false, properties });
  }

  #onRequest(packet: ISubscribePacket | IUnsubscribePacket): void {
    const { options, requests } = this.#broker;
    const { messageId = 0 } = packet;
    requests.push(packet);
    if (packet.cmd === options.ignores) {
      return;
    }
    if (packet.cmd === 'unsubscribe') {
      this.send({ cmd: 'unsuback', messageId, granted: [0] });
      return;
    }
    const granted = packet.subscriptions.map(({ qos }) => options.subackCode ?? qos);
    this.send({ cmd: 'suback', messageId, granted });
  }

  #onPublish(packet: IPublishPacket): void {
    const { options, publishes } = this.#broker;
    publishes.push(packet);
    if ((packet.length ?? 0) > (options.maxPacketBytes ?? Number.POSITIVE_INFINITY)) {
      this.cut();
      return;
    }
    if (options.onPublish?.(packet, this) === true || packet.qos === 0) {
      return;
    }
    this.send({ cmd: 'puback', messageId: packet.messageId ?? 0, reasonCode: options.pubackCode ?? 0 });
  }
}
