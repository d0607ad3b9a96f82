import { BurstLog } from './burst-log.ts';
import { type BusMessage, type MessageHandler, RedeliverError } from './bus.ts';
import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';
import type { SkippedPublish } from './packet-framer.ts';
import { topicMatches } from './topic-filter.ts';

/** QoS 0 messages, and their bytes, that may wait for one handler; later ones are dropped, as QoS 0 allows. */
const MAX_WAITING = 1000;
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
/** How long handlers may hold the event loop before what else waits for it, as pictures of rooms, has its turn. */
const SLICE_MS = 5;

interface Registered {
  handler: MessageHandler;
  /** Begins a message before the one before it is finished. */
  overlapping: boolean;
  tail: Promise<unknown>;
  waiting: number;
  waitingBytes: number;
}

export interface Subscription {
  filter: string;
  qos: 0 | 1;
  /** Requested again on every connection. */
  refresh: boolean;
}

interface Entry extends Subscription {
  handlers: Registered[];
}

/** The handlers by topic filter; hands messages over in order for each handler, and one after another unless it overlaps. */
export class Subscriptions {
  readonly #logger: Logger;
  readonly #bursts: BurstLog;
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #entries = new Map<string, Entry>();
  #sliceStartMs = 0;

  constructor(logger: Logger, clock: Pick<Clock, 'monotonic'>) {
    this.#logger = logger;
    this.#clock = clock;
    this.#bursts = new BurstLog(clock);
  }

  list(): Subscription[] {
    return [...this.#entries.values()];
  }

  has(filter: string): boolean {
    return this.#entries.has(filter);
  }

  add({ filter, qos, refresh }: Subscription, handler: MessageHandler, overlapping = false): void {
    const entry = this.#entries.get(filter) ?? { filter, qos, refresh, handlers: [] };
    entry.qos = qos === 1 ? 1 : entry.qos;
    entry.refresh ||= refresh;
    entry.handlers.push({ handler, overlapping, tail: Promise.resolve(), waiting: 0, waitingBytes: 0 });
    this.#entries.set(filter, entry);
  }

  remove(filter: string): void {
    this.#entries.delete(filter);
  }

  /** Resolves when all handlers have finished: `false` when one of them wants the message delivered again. */
  async dispatch(message: BusMessage): Promise<boolean> {
    const results: Promise<boolean>[] = [];
    for (const entry of this.#entries.values()) {
      if (topicMatches(entry.filter, message.topic)) {
        results.push(...entry.handlers.map((one) => this.#queue(one, message)));
      }
    }
    return (await Promise.all(results)).every((taken) => taken);
  }

  /** A message was too large to be read; it was acknowledged. */
  skipped({ topic, bytes }: SkippedPublish): void {
    const count = this.#bursts.due(`skipped ${topic}`);
    if (count !== undefined) {
      this.#logger.error(
        { event: 'mqtt_message_skipped', topic, bytes, count },
        'a message is too large and was ignored',
      );
    }
  }

  #queue(one: Registered, message: BusMessage): Promise<boolean> {
    const bytes = message.payload.length;
    if (message.qos === 0 && (one.waiting >= MAX_WAITING || one.waitingBytes + bytes > MAX_WAITING_BYTES)) {
      this.#dropped(message.topic);
      return Promise.resolve(true);
    }
    one.waiting += 1;
    one.waitingBytes += bytes;
    const begins = one.tail.then(() => this.#turn());
    const ends = begins.then(() => this.#handle(one, message));
    one.tail = one.overlapping ? begins : ends;
    return ends;
  }

  /** Waits for the next turn of the event loop when this one has been used for long enough. */
  #turn(): void | Promise<void> {
    if (this.#clock.monotonic() - this.#sliceStartMs < SLICE_MS) return undefined;
    return new Promise((resolve) => {
      setImmediate(() => {
        this.#sliceStartMs = this.#clock.monotonic();
        resolve();
      });
    });
  }

  #dropped(topic: string): void {
    const count = this.#bursts.due('dropped');
    if (count !== undefined) {
      const fields = { event: 'mqtt_messages_dropped', topic, count };
      this.#logger.warn(fields, 'a handler is too slow: messages were dropped');
    }
  }

  async #handle(one: Registered, message: BusMessage): Promise<boolean> {
    try {
      await one.handler(message);
      return true;
    } catch (err) {
      const again = err instanceof RedeliverError && message.qos > 0;
      this.#logger.error(
        { event: 'mqtt_handler_failed', topic: message.topic, redeliver: again, err },
        'message handler failed',
      );
      return !again;
    } finally {
      one.waiting -= 1;
      one.waitingBytes -= message.payload.length;
    }
  }
}
