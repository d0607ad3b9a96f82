import { BusError, type PublishOptions } from './bus.ts';
import type { Clock } from './clock.ts';
import type { Connection } from './mqtt-connection.ts';

interface Item {
  topic: string;
  payload: Buffer;
  options: PublishOptions;
  expiresAt: number | undefined;
  sentOn: Connection | undefined;
  resolve: () => void;
  reject: (error: BusError) => void;
}

/**
 * QoS 1 messages until the broker has acknowledged them: kept over drops, sent again in order, at most `capacity` of them.
 * When it is full the oldest goes, because later states replace earlier ones.
 */
export class Outbox {
  readonly #capacity: number;
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #onOverflow: (topic: string) => void;
  #items: Item[] = [];
  #idle: (() => void)[] = [];

  constructor(options: { capacity: number; clock: Pick<Clock, 'monotonic'>; onOverflow: (topic: string) => void }) {
    this.#capacity = options.capacity;
    this.#clock = options.clock;
    this.#onOverflow = options.onOverflow;
  }

  get size(): number {
    return this.#items.length;
  }

  /** Resolves when the broker has it. @throws BusError `queue_full`, `expired`, `stopped`, `refused` */
  add(topic: string, payload: Buffer, options: PublishOptions): Promise<void> {
    const { expirySeconds } = options;
    const expiresAt = expirySeconds === undefined ? undefined : this.#clock.monotonic() + expirySeconds * 1000;
    return new Promise((resolve, reject) => {
      this.#items.push({ topic, payload, options, expiresAt, sentOn: undefined, resolve, reject });
      if (this.#items.length > this.#capacity) {
        const oldest = this.#items[0];
        if (oldest !== undefined) {
          this.#onOverflow(oldest.topic);
          this.#settle(
            oldest,
            new BusError('queue_full', `more than ${this.#capacity} messages wait: the oldest was dropped`),
          );
        }
      }
    });
  }

  /** Sends, in order, what was not sent on this connection yet. */
  pump(connection: Connection): void {
    for (const item of [...this.#items]) {
      if (item.sentOn === connection) {
        continue;
      }
      if (item.expiresAt !== undefined && this.#clock.monotonic() >= item.expiresAt) {
        this.#settle(item, new BusError('expired', `a message to ${item.topic} was not sent within its time`));
        continue;
      }
      item.sentOn = connection;
      connection.publish(item.topic, item.payload, item.options).then(
        () => this.#settle(item),
        (error: Error & { code?: unknown }) => this.#onSendError(item, connection, error),
      );
    }
  }

  /** Resolves when nothing waits any more. */
  drained(): Promise<void> {
    return this.#items.length === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Gives everything up. */
  clear(error: BusError): void {
    for (const item of [...this.#items]) {
      this.#settle(item, error);
    }
  }

  #onSendError(item: Item, connection: Connection, error: Error & { code?: unknown }): void {
    // a numeric code is the broker's refusal (MQTT 5); everything else is the connection's end: sent again on the next one
    if (typeof error.code === 'number' && item.sentOn === connection) {
      this.#settle(
        item,
        new BusError('refused', `the broker refused a message to ${item.topic}: ${error.message}`, error),
      );
    }
  }

  #settle(item: Item, error?: BusError): void {
    const index = this.#items.indexOf(item);
    if (index < 0) {
      return;
    }
    this.#items.splice(index, 1);
    if (error === undefined) {
      item.resolve();
    } else {
      item.reject(error);
    }
    if (this.#items.length === 0) {
      for (const resolve of this.#idle.splice(0)) {
        resolve();
      }
    }
  }
}
