import { BusError, type PublishClass, type PublishOptions, type QueueBounds } from './bus.ts';
import type { Clock, Timer } from './clock.ts';
import type { Connection } from './connection.ts';
import { type LatestMessage, LatestMessages } from './latest-messages.ts';
import { OutgoingQueue, type QueuedMessage } from './outgoing-queue.ts';
import type { PacketIds } from './packet-ids.ts';
import type { PacketSizeLimit } from './packet-size-limit.ts';
import type { PublishReports } from './publish-reports.ts';
import { reasonText } from './reason-codes.ts';

/** QoS 1 messages in flight at most, where the broker allows more. */
const WINDOW = 64;

export const defaultBounds: { readonly kept: QueueBounds; readonly answer: QueueBounds } = {
  kept: { messages: 10_000, bytes: 32 * 1024 * 1024 },
  // a command has up to six answers, and each one is promised: 2,000 commands per second for 10 s must fit
  answer: { messages: 120_000, bytes: 64 * 1024 * 1024 },
};

export interface OutboxOptions {
  readonly kept: QueueBounds;
  readonly answer: QueueBounds;
  readonly clock: Pick<Clock, 'monotonic' | 'setTimeout'>;
  readonly ids: PacketIds;
  readonly limit: PacketSizeLimit;
  readonly reports: PublishReports;
}

type QueueName = Exclude<PublishClass, 'latest'>;

/** Which class a message belongs to when its publisher names none. */
export function classOf({ class: named, qos, retain }: PublishOptions): PublishClass {
  return named ?? (qos === 0 ? 'latest' : retain === true ? 'kept' : 'answer');
}

/**
 * The outgoing messages in three classes. `kept` and `answer` share the broker's window of unacknowledged messages: they take
 * turns, and each leaves room for the other. `latest` uses what the socket has left.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #queues: Readonly<Record<QueueName, OutgoingQueue>>;
  readonly #latest = new LatestMessages();
  readonly #idle: (() => void)[] = [];
  #connection: Connection | undefined;
  #turn: QueueName = 'kept';
  #sent = 0;
  #wake: Timer | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#queues = {
      kept: new OutgoingQueue(options.kept, 'newest'),
      answer: new OutgoingQueue(options.answer, 'oldest'),
    };
  }

  /** Messages that the broker has not acknowledged. */
  get size(): number {
    return this.#queues.kept.size + this.#queues.answer.size;
  }

  get bytes(): number {
    return this.#queues.kept.bytes + this.#queues.answer.bytes;
  }

  /** See `Bus.publish`. @throws BusError `queue_full`, `expired`, `stopped`, `refused`, `too_large` */
  add(topic: string, payload: Buffer, options: PublishOptions): Promise<void> {
    const name = classOf(options);
    if (name === 'latest') {
      this.#addLatest(topic, payload, options);
      return Promise.resolve();
    }
    const nowMs = this.#options.clock.monotonic();
    const expiresAtMs = nowMs + (options.expirySeconds ?? Number.POSITIVE_INFINITY) * 1000;
    return new Promise((resolve, reject) => {
      const message = { topic, payload, options, expiresAtMs, messageId: undefined, resolve, reject };
      for (const gone of this.#queues[name].add(message, nowMs)) {
        this.#giveUp(name, gone, nowMs);
      }
      this.pump();
    });
  }

  /** Uses this connection from now on: sends what waits, first what was not acknowledged on the one before. */
  attach(connection: Connection): void {
    this.#connection = connection;
    this.#options.limit.connected(connection.maxPacketBytes, this.#options.clock.monotonic());
    this.pump();
  }

  /** The connection has ended; `unexpectedly` with a reason code where the broker gave one. */
  detach(end: { unexpected: boolean; reasonCode: number | undefined }): void {
    const { limit, reports, clock } = this.#options;
    this.#connection = undefined;
    this.#wake?.cancel();
    this.#latest.clear();
    this.#queues.kept.rewind();
    this.#queues.answer.rewind();
    const learned = end.unexpected ? limit.ended(end.reasonCode, clock.monotonic()) : undefined;
    if (learned !== undefined) {
      reports.limitLearned(learned);
    }
  }

  /** Sends as much as the broker's window and the socket take. */
  pump(): void {
    const connection = this.#connection;
    if (connection === undefined) {
      return;
    }
    while (connection.writable) {
      const name = this.#next(connection);
      if (name === undefined) {
        break;
      }
      this.#sendFirst(name, connection);
    }
    while (connection.writable) {
      const message = this.#latest.take();
      if (message === undefined) {
        break;
      }
      this.#sendUnconfirmed(connection, message.topic, message.payload, message.options);
    }
  }

  /** Resolves when the broker has acknowledged everything. */
  drained(): Promise<void> {
    return this.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Gives everything up. */
  clear(error: BusError): void {
    this.#wake?.cancel();
    this.#latest.clear();
    for (const queue of [this.#queues.kept, this.#queues.answer]) {
      for (const message of queue.drain()) {
        this.#release(message);
        message.reject(error);
      }
    }
    this.#checkIdle();
  }

  /** The queue whose turn it is; `undefined` when neither may send. */
  #next(connection: Connection): QueueName | undefined {
    const window = Math.max(1, Math.min(WINDOW, connection.receiveMaximum));
    const { kept, answer } = this.#queues;
    if (kept.inFlight + answer.inFlight >= window) {
      return undefined;
    }
    // answers come in floods and leave half of the window to `kept`, which leaves them a quarter
    const most = { kept: Math.max(1, window - (window >> 2)), answer: Math.max(1, window >> 1) };
    const order: QueueName[] = this.#turn === 'kept' ? ['kept', 'answer'] : ['answer', 'kept'];
    return order.find((name) => {
      const { first, inFlight } = this.#queues[name];
      return first !== undefined && inFlight < most[name] && !this.#held(first);
    });
  }

  /** Whether the packet must wait because a packet of its size is suspected of ending connections. */
  #held(message: LatestMessage): boolean {
    const { limit, clock } = this.#options;
    const nowMs = clock.monotonic();
    const untilMs = limit.heldUntil(mostBytes(message), nowMs);
    if (untilMs === 0) {
      return false;
    }
    this.#wake?.cancel();
    this.#wake = clock.setTimeout(() => this.pump(), untilMs - nowMs);
    return true;
  }

  #sendFirst(name: QueueName, connection: Connection): void {
    const { ids, clock, limit } = this.#options;
    const queue = this.#queues[name];
    const message = queue.first;
    if (message === undefined) {
      return;
    }
    this.#turn = name === 'kept' ? 'answer' : 'kept';
    const nowMs = clock.monotonic();
    if (nowMs >= message.expiresAtMs) {
      this.#settle(name, message, expiredError(message.topic));
      return;
    }
    // a message keeps its identifier over connections: where the session goes on, this is the same delivery
    const dup = message.messageId !== undefined && connection.sessionPresent;
    message.messageId ??= ids.take();
    const { topic, payload, messageId } = message;
    const options = remaining(message, nowMs);
    const packet = this.#encode(connection, { topic, payload, options, messageId, dup });
    if (packet instanceof BusError) {
      this.#settle(name, message, packet);
      return;
    }
    this.#sent += 1;
    const order = this.#sent;
    limit.sent(order, packet.length, nowMs);
    queue.send();
    void connection.sendConfirmed(packet, messageId).then((code) => {
      limit.proven(order);
      this.#onPuback(name, message, code);
      this.pump();
    });
  }

  #onPuback(name: QueueName, message: QueuedMessage, code: number): void {
    const { reports } = this.#options;
    const { topic, options } = message;
    if (code < 0x80) {
      reports.accepted(topic);
      this.#settle(name, message);
      return;
    }
    const reason = reasonText(code);
    reports.refused(topic, reason, options.chosenByPeer === true);
    this.#settle(name, message, new BusError('refused', `The broker refused a message to ${topic}: ${reason}.`));
  }

  #addLatest(topic: string, payload: Buffer, options: PublishOptions): void {
    const connection = this.#connection;
    const { reports } = this.#options;
    if (connection === undefined) {
      return;
    }
    if (connection.writable) {
      this.#sendUnconfirmed(connection, topic, payload, options);
    } else {
      reports.latestDropped(this.#latest.add({ topic, payload, options }));
    }
  }

  /** QoS 0 promises nothing: a message that is too large is reported in the log, a lost one is not. */
  #sendUnconfirmed(connection: Connection, topic: string, payload: Buffer, options: PublishOptions): void {
    const { limit, clock } = this.#options;
    if (this.#held({ topic, payload, options })) {
      return;
    }
    const packet = this.#encode(connection, { topic, payload, options });
    if (packet instanceof BusError) {
      return;
    }
    this.#sent += 1;
    limit.sent(this.#sent, packet.length, clock.monotonic());
    connection.send(packet);
  }

  #encode(connection: Connection, publish: Parameters<Connection['encode']>[0]): Buffer | BusError {
    const { limit, reports } = this.#options;
    const { topic, payload } = publish;
    const maxBytes = limit.bytes;
    let packet: Buffer | undefined;
    try {
      packet = payload.length > maxBytes ? undefined : connection.encode(publish);
    } catch (cause) {
      return new BusError('invalid', `A message to ${topic} cannot be written as MQTT.`, cause);
    }
    if (packet !== undefined && packet.length <= maxBytes) {
      return packet;
    }
    const bytes = packet?.length ?? payload.length;
    reports.tooLarge(topic, bytes, maxBytes);
    return new BusError(
      'too_large',
      `A message to ${topic} has ${bytes} bytes; the broker takes at most ${maxBytes}. It is not sent.`,
    );
  }

  #giveUp(name: QueueName, message: QueuedMessage, nowMs: number): void {
    const { topic, expiresAtMs } = message;
    this.#release(message);
    if (nowMs >= expiresAtMs) {
      message.reject(expiredError(topic));
      return;
    }
    const { messages, bytes } = this.#options[name];
    this.#options.reports.queueFull(name, topic);
    message.reject(
      new BusError(
        'queue_full',
        `A message to ${topic} was dropped: the queue holds at most ${messages} messages and ${bytes} bytes for the broker.`,
      ),
    );
  }

  #settle(name: QueueName, message: QueuedMessage, error?: BusError): void {
    this.#queues[name].remove(message);
    this.#release(message);
    if (error === undefined) {
      message.resolve();
    } else {
      message.reject(error);
    }
    this.#checkIdle();
  }

  #release({ messageId }: QueuedMessage): void {
    if (messageId !== undefined) {
      this.#options.ids.release(messageId);
    }
  }

  #checkIdle(): void {
    if (this.size === 0) {
      for (const resolve of this.#idle.splice(0)) {
        resolve();
      }
    }
  }
}

/** The options for the wire: what is left of the time, when there is an end. */
function remaining({ options, expiresAtMs }: QueuedMessage, nowMs: number): PublishOptions {
  return options.expirySeconds === undefined ? options : { ...options, expirySeconds: (expiresAtMs - nowMs) / 1000 };
}

/** A bound of the packet's size that costs no encoding. */
function mostBytes({ topic, payload, options }: LatestMessage): number {
  const { responseTopic = '', correlationData } = options;
  const headerBytes = 32;
  return (
    headerBytes +
    Buffer.byteLength(topic) +
    Buffer.byteLength(responseTopic) +
    (correlationData?.length ?? 0) +
    payload.length
  );
}

function expiredError(topic: string): BusError {
  return new BusError('expired', `A message to ${topic} was not sent within its time.`);
}
