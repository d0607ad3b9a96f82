import { createTopics } from '@vigilia/protocol';
import {
  type Bus,
  type BusHealth,
  type BusMessage,
  ChannelBus,
  type MessageHandler,
  type PublishOptions,
  topicMatches,
  type Will,
} from '@vigilia/service';
import { FakeClock, silentLogger } from '@vigilia/testing';

export interface Published {
  readonly topic: string;
  readonly body: Record<string, unknown> | undefined;
  readonly options: PublishOptions;
}

/** A broker of one client, in memory: what it publishes is kept, and what a test delivers reaches its handlers. */
export class FakeBus implements Bus {
  connected = true;
  readonly protocolVersion = 5;
  clientId = 'fake';
  will: Will | undefined;
  takenOverReports = 0;
  readonly published: Published[] = [];
  readonly #handlers: { filter: string; handler: MessageHandler }[] = [];
  readonly #onConnect: (() => void | Promise<void>)[] = [];

  async start(): Promise<void> {}

  async publish(topic: string, payload: unknown, options: PublishOptions = {}): Promise<void> {
    const body = payload === '' ? undefined : (structuredClone(payload) as Record<string, unknown>);
    this.published.push({ topic, body, options });
  }

  async subscribe(filter: string, handler: MessageHandler): Promise<void> {
    this.#handlers.push({ filter, handler });
  }

  async unsubscribe(): Promise<void> {}

  onConnect(fn: () => void | Promise<void>): void {
    this.#onConnect.push(fn);
  }

  onDisconnect(): void {}

  async reconnect(identity: { clientId?: string; will?: Will }): Promise<void> {
    this.clientId = identity.clientId ?? this.clientId;
    this.will = identity.will ?? this.will;
    for (const fn of this.#onConnect) {
      await fn();
    }
  }

  async stop(): Promise<void> {
    this.connected = false;
  }

  takenOver(): void {
    this.takenOverReports += 1;
  }

  health(): BusHealth {
    return {
      ok: this.connected,
      connected: this.connected,
      broker: 'mqtt://fake',
      moves: 0,
      leaderIsHere: true,
      refusedPublishes: 0,
      refusedTopics: [],
      refusedSubscriptions: [],
      droppedAnswers: 0,
      rejectedKept: 0,
      droppedLatest: 0,
      tooLarge: 0,
      queued: 0,
      queuedBytes: 0,
    };
  }

  /** A message as the broker would hand it over. */
  deliver(topic: string, payload: unknown, more: Partial<BusMessage> = {}): void {
    for (const { filter, handler } of this.#handlers) {
      if (topicMatches(filter, topic)) {
        void handler(busMessage(topic, payload, more));
      }
    }
  }

  on(topic: string): Record<string, unknown>[] {
    return this.published.flatMap((one) => (one.topic === topic && one.body !== undefined ? [one.body] : []));
  }
}

/** A message; text is taken as it is, anything else as JSON. */
function busMessage(topic: string, payload: unknown, more: Partial<BusMessage> = {}): BusMessage {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return {
    topic,
    payload: Buffer.from(text),
    retain: false,
    dup: false,
    qos: 1,
    json: () => JSON.parse(text) as unknown,
    ...more,
  };
}

/** The entry point over a fake broker. */
export function channelBus(bus: FakeBus): ChannelBus {
  return new ChannelBus({ bus, roots: createTopics().roots, logger: silentLogger(), clock: new FakeClock() });
}
