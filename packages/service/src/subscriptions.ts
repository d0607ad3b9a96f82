import { type BusMessage, type MessageHandler, RedeliverError } from './bus.ts';
import type { Logger } from './logger.ts';
import { topicMatches } from './topic-filter.ts';

/** QoS 0 messages that may wait for one handler; later ones are dropped, as QoS 0 allows. */
const MAX_WAITING = 1000;

interface Registered {
  handler: MessageHandler;
  tail: Promise<unknown>;
  waiting: number;
  dropped: number;
}

interface Entry {
  filter: string;
  qos: 0 | 1;
  handlers: Registered[];
}

/** Who wants which messages; hands them over one after another for each handler. */
export class Subscriptions {
  readonly #logger: Logger;
  readonly #entries = new Map<string, Entry>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  list(): { filter: string; qos: 0 | 1 }[] {
    return [...this.#entries.values()];
  }

  add(filter: string, handler: MessageHandler, qos: 0 | 1): void {
    const entry = this.#entries.get(filter) ?? { filter, qos, handlers: [] };
    entry.qos = qos === 1 ? 1 : entry.qos;
    entry.handlers.push({ handler, tail: Promise.resolve(), waiting: 0, dropped: 0 });
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

  #queue(one: Registered, message: BusMessage): Promise<boolean> {
    if (message.qos === 0 && one.waiting >= MAX_WAITING) {
      one.dropped += 1;
      if (one.dropped === 1 || one.dropped % 1000 === 0) {
        const { topic } = message;
        this.#logger.warn(
          { event: 'mqtt_messages_dropped', topic, dropped: one.dropped },
          'a handler is too slow: messages dropped',
        );
      }
      return Promise.resolve(true);
    }
    one.waiting += 1;
    const result = one.tail.then(() => this.#handle(one, message));
    one.tail = result;
    return result;
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
    }
  }
}
