import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { generate, type Packet, parser } from 'mqtt-packet';

/** A client that publishes with QoS 2, which our own session does not speak. */
export interface Qos2Publisher {
  /** Resolves when the broker has completed the delivery. At most 15 at once. */
  publish(topic: string, payload: Buffer, options: { readonly retain: boolean }): Promise<void>;
  stop(): Promise<void>;
}

/** Connects with MQTT 3.1.1. @param url `mqtt://host:port` */
export async function connectQos2Publisher(url: string): Promise<Qos2Publisher> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const publisher = new Publisher(socket);
  await publisher.open();
  return publisher;
}

class Publisher implements Qos2Publisher {
  readonly #socket: Socket;
  readonly #parser = parser({ protocolVersion: 4 });
  readonly #waiting = new Map<number, () => void>();
  #onConnack: () => void = () => {};
  #lastId = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  async open(): Promise<void> {
    const connack = new Promise<void>((resolve) => {
      this.#onConnack = resolve;
    });
    this.#parser.on('packet', (packet) => this.#take(packet));
    this.#socket.on('data', (chunk: Buffer) => this.#parser.parse(chunk));
    this.#send({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clientId: 'qos-2',
      clean: true,
      keepalive: 0,
    });
    await connack;
  }

  publish(topic: string, payload: Buffer, { retain }: { readonly retain: boolean }): Promise<void> {
    this.#lastId = (this.#lastId % 65_535) + 1;
    const messageId = this.#lastId;
    const completed = new Promise<void>((resolve) => this.#waiting.set(messageId, resolve));
    this.#send({ cmd: 'publish', topic, payload, qos: 2, messageId, retain, dup: false });
    return completed;
  }

  async stop(): Promise<void> {
    this.#socket.end(generate({ cmd: 'disconnect' }));
    if (!this.#socket.closed) {
      await once(this.#socket, 'close');
    }
  }

  #take(packet: Packet): void {
    const { messageId = 0 } = packet;
    if (packet.cmd === 'connack') {
      this.#onConnack();
    }
    if (packet.cmd === 'pubrec') {
      this.#send({ cmd: 'pubrel', messageId });
    }
    if (packet.cmd === 'pubcomp') {
      this.#waiting.get(messageId)?.();
      this.#waiting.delete(messageId);
    }
  }

  #send(packet: Packet): void {
    this.#socket.write(generate(packet));
  }
}
