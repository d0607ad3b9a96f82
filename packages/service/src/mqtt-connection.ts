import type { Socket } from 'node:net';
import { generate, type IConnackPacket, type IPublishPacket, type Packet, parser } from 'mqtt-packet';
import {
  ConnectError,
  type Connection,
  type ConnectionEnd,
  type ConnectionOptions,
  type RequestedSubscription,
} from './connection.ts';
import { InboundWindow } from './inbound-window.ts';
import { Keepalive } from './keepalive.ts';
import { connectPacket, MAX_INBOUND_BYTES, type OutgoingPublish, publishPacket, toMessage } from './mqtt-packets.ts';
import { openSocket, parseBrokerUrl } from './open-socket.ts';
import { PacketFramer, type SkippedPublish } from './packet-framer.ts';
import { ANSWER_TIMEOUT_MS, PendingAnswers } from './pending-answers.ts';
import { reasonText } from './reason-codes.ts';
import { within } from './within.ts';

const CLOSE_MS = 1000;

/**
 * Opens one connection.
 *
 * @throws ConnectError
 */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const connection = new SocketConnection(options);
  await connection.open();
  return connection;
}

class SocketConnection implements Connection {
  readonly #options: ConnectionOptions;
  readonly #parser: ReturnType<typeof parser>;
  readonly #framer: PacketFramer;
  readonly #window: InboundWindow;
  readonly #answers: PendingAnswers;
  /** Identifiers of SUBSCRIBE and UNSUBSCRIBE without an answer. */
  readonly #requests = new Set<number>();
  #socket: Socket | undefined;
  #keepalive: Keepalive | undefined;
  #connack: IConnackPacket | undefined;
  #onConnack: (packet: IConnackPacket) => void = () => {};
  #parsed = false;
  #corked = false;
  #lineOpened = false;
  #reasonCode: number | undefined;
  #error: Error | undefined;
  #end: (end: ConnectionEnd) => void = () => {};
  readonly closed: Promise<ConnectionEnd> = new Promise((resolve) => {
    this.#end = resolve;
  });

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#parser = parser({ protocolVersion: options.protocolVersion });
    this.#framer = new PacketFramer({
      maxPacketBytes: MAX_INBOUND_BYTES,
      onPacket: (packet) => this.#parse(packet),
      onSkipped: (publish) => this.#skipped(publish),
    });
    this.#window = new InboundWindow({
      clock: options.clock,
      onFull: () => this.#stopReading(),
      onFree: () => this.#resumeReading(),
      onStalled: () => this.#fail(new Error('handlers finished no message for too long')),
    });
    this.#answers = new PendingAnswers({
      clock: options.clock,
      onOverdue: () => this.#fail(new Error(`the broker left a packet unanswered for ${ANSWER_TIMEOUT_MS / 1000} s`)),
    });
  }

  get sessionPresent(): boolean {
    return this.#connack?.sessionPresent ?? false;
  }

  get maxPacketBytes(): number | undefined {
    return this.#connack?.properties?.maximumPacketSize;
  }

  get receiveMaximum(): number {
    return this.#connack?.properties?.receiveMaximum ?? 65_535;
  }

  get writable(): boolean {
    const socket = this.#socket;
    return socket?.writable === true && !socket.writableNeedDrain;
  }

  /** @throws ConnectError */
  async open(): Promise<void> {
    const { signal, clock, connectTimeoutMs } = this.#options;
    using limit = within(connectTimeoutMs, signal, { clock, error: () => new Error('no answer in time') });
    const giveUp = (): void => (limit.passed ? this.#fail(limit.signal.reason) : this.cut());
    limit.signal.addEventListener('abort', giveUp, { once: true });
    this.#openSocket();
    const connack = new Promise<IConnackPacket>((resolve) => {
      this.#onConnack = resolve;
    });
    this.#accept(await Promise.race([connack, this.closed.then((end) => Promise.reject(this.#connectError(end)))]));
  }

  encode(publish: OutgoingPublish): Buffer {
    return this.#generate(publishPacket(publish, this.#options.protocolVersion));
  }

  send(packet: Buffer): void {
    const socket = this.#socket;
    if (socket === undefined || !socket.writable) {
      return;
    }
    if (!this.#corked) {
      // what is sent in one turn of the event loop goes out in one write
      this.#corked = true;
      socket.cork();
      process.nextTick(() => {
        this.#corked = false;
        socket.uncork();
      });
    }
    socket.write(packet);
  }

  sendConfirmed(packet: Buffer, messageId: number): Promise<number> {
    return this.#answerTo(packet, messageId).then(([code = 0]) => code);
  }

  async subscribe(requested: readonly RequestedSubscription[]): Promise<readonly number[]> {
    const subscriptions = requested.map(({ filter, qos }) => ({ topic: filter, qos }));
    const codes = await this.#request((messageId) => ({ cmd: 'subscribe', messageId, subscriptions }));
    return requested.map((_, index) => codes[index] ?? 0x80);
  }

  async unsubscribe(filter: string): Promise<void> {
    await this.#request((messageId) => ({ cmd: 'unsubscribe', messageId, unsubscriptions: [filter] }));
  }

  async close(timeoutMs = CLOSE_MS): Promise<void> {
    using limit = within(timeoutMs, undefined, { clock: this.#options.clock });
    this.send(this.#generate({ cmd: 'disconnect', reasonCode: 0 }));
    this.#socket?.end();
    // a full window would keep the end of the line from being noticed
    this.#socket?.resume();
    await limit.waitFor(this.closed);
    if (limit.passed) {
      this.cut();
    }
    await this.closed;
  }

  cut(): void {
    this.#socket?.destroy();
  }

  #openSocket(): void {
    const { url, ca } = this.#options;
    const socket = openSocket(parseBrokerUrl(url), ca, () => {
      this.#lineOpened = true;
      this.send(this.#generate(connectPacket(this.#options)));
    });
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('drain', () => this.#options.onDrain());
    socket.on('error', (error) => {
      this.#error ??= error;
    });
    this.#parser.on('packet', (packet) => this.#take(packet));
    this.#parser.on('error', (error: Error) => this.#fail(error));
    socket.once('close', () => this.#closed());
  }

  #closed(): void {
    this.#keepalive?.stop();
    this.#window.close();
    this.#answers.close();
    for (const messageId of this.#requests) {
      this.#release(messageId);
    }
    this.#end({ reasonCode: this.#reasonCode, error: this.#error });
  }

  /** @throws ConnectError */
  #accept(connack: IConnackPacket): void {
    const code = connack.reasonCode ?? connack.returnCode ?? 0;
    if (code !== 0) {
      this.cut();
      throw new ConnectError(`the broker refused the connection: ${reasonText(code)}`, code, undefined);
    }
    const { clock, keepaliveSeconds } = this.#options;
    this.#keepalive = new Keepalive({
      clock,
      intervalMs: (connack.properties?.serverKeepAlive ?? keepaliveSeconds) * 1000,
      ping: () => this.send(this.#generate({ cmd: 'pingreq' })),
      onSilence: () => this.#window.full || this.#fail(new Error('the broker does not answer any more')),
    });
    this.#keepalive.start();
  }

  #connectError({ error }: ConnectionEnd): ConnectError {
    const code = (error as (Error & { code?: unknown }) | undefined)?.code;
    const unanswered = this.#lineOpened && !this.#options.signal.aborted;
    const fallback = this.#lineOpened ? 'the broker ended the connection without an answer' : 'no answer';
    return new ConnectError(
      error?.message || (code === undefined ? fallback : String(code)),
      undefined,
      error,
      unanswered,
    );
  }

  /** Bytes of the broker must never end the process, whatever they are. */
  #receive(chunk: Buffer): void {
    this.#keepalive?.heard();
    try {
      this.#framer.feed(chunk);
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #parse(packet: Buffer): void {
    if (this.#socket?.destroyed === true) {
      return;
    }
    this.#parsed = false;
    this.#parser.parse(packet);
    if (!this.#parsed) {
      throw new Error('a packet that is not valid MQTT');
    }
  }

  #take(packet: Packet): void {
    this.#parsed = true;
    if (this.#connack === undefined) {
      if (packet.cmd !== 'connack') {
        throw new Error(`${packet.cmd} instead of CONNACK`);
      }
      this.#connack = packet;
      this.#onConnack(packet);
      return;
    }
    switch (packet.cmd) {
      case 'publish':
        this.#onPublish(packet);
        break;
      case 'puback':
        this.#answers.answered(packet.messageId ?? 0, [packet.reasonCode ?? 0]);
        break;
      case 'suback':
        this.#answers.answered(packet.messageId ?? 0, packet.granted.map(Number));
        break;
      case 'unsuback':
        this.#answers.answered(packet.messageId ?? 0, []);
        break;
      case 'pingresp':
        break;
      case 'disconnect':
        this.#reasonCode = packet.reasonCode ?? 0;
        break;
      default:
        throw new Error(`an unexpected ${packet.cmd}`);
    }
  }

  #answerTo(packet: Buffer, messageId: number): Promise<readonly number[]> {
    const answer = this.#answers.wait(messageId);
    this.send(packet);
    return answer;
  }

  async #request(packetWith: (messageId: number) => Packet): Promise<readonly number[]> {
    const messageId = this.#options.ids.take();
    this.#requests.add(messageId);
    const codes = await this.#answerTo(this.#generate(packetWith(messageId)), messageId);
    this.#release(messageId);
    return codes;
  }

  #release(messageId: number): void {
    this.#requests.delete(messageId);
    this.#options.ids.release(messageId);
  }

  #onPublish(packet: IPublishPacket): void {
    const { qos, messageId } = packet;
    if (qos === 2) {
      throw new Error('a message of QoS 2, which was not asked for');
    }
    const message = toMessage(packet);
    const handled =
      qos === 1 && messageId !== undefined
        ? this.#window.enter(message.payload.length, () => this.#sendPuback(messageId))
        : () => {};
    void this.#options.onMessage(message).then((taken) => (taken ? handled() : this.cut()));
  }

  #skipped(publish: SkippedPublish): void {
    if (publish.messageId !== undefined) {
      const { messageId } = publish;
      this.#window.enter(0, () => this.#sendPuback(messageId))();
    }
    this.#options.onSkipped(publish);
  }

  #sendPuback(messageId: number): void {
    this.send(this.#generate({ cmd: 'puback', messageId }));
  }

  #stopReading(): void {
    this.#socket?.pause();
    this.#answers.readingStopped();
  }

  #resumeReading(): void {
    this.#socket?.resume();
    this.#answers.readingResumed();
  }

  #generate(packet: Packet): Buffer {
    return generate(packet, { protocolVersion: this.#options.protocolVersion });
  }

  #fail(error: Error): void {
    this.#error ??= error;
    this.#socket?.destroy();
  }
}
