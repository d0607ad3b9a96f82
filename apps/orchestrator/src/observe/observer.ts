import type { Topics } from '@vigilia/protocol';
import type { Bus, BusMessage, Clock, Logger } from '@vigilia/service';
import { dispatch, type Heard } from './dispatch.ts';
import type { Store } from './store.ts';

export interface ObserverOptions {
  readonly bus: Bus;
  readonly topics: Topics;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly store: Store;
  readonly bootId: string;
  /** The ACKs of processors, for whoever waits for one. */
  readonly onAck: (body: unknown) => void;
  /** The statuses of processors, for whoever waits for an answer of theirs. */
  readonly onStatus: (body: unknown) => void;
  /** Something worth a look. */
  readonly changed: () => void;
}

/** After its marker, what an unordered broker may still be sending of the retained messages. */
const settleMs = 250;

/**
 * Listens to everything and folds it into the store. MQTT does not mark the end of retained messages, so after each
 * connection (that is, after SUBACK) it publishes a marker to its own topic: what was retained has come before it does.
 */
export class Observer {
  readonly #options: ObserverOptions;
  #epoch = 0;
  #wholeEpoch = -1;
  #whenWhole: () => void = () => {};
  readonly #malformed = new Set<string>();

  constructor(options: ObserverOptions) {
    this.#options = options;
  }

  /** Everything retained has been read since the last connect. */
  get whole(): boolean {
    return this.#options.bus.connected && this.#wholeEpoch === this.#epoch;
  }

  /** Counts the connections. */
  get epoch(): number {
    return this.#epoch;
  }

  /** `fn` is called each time the view has become whole. */
  onWhole(fn: () => void): void {
    this.#whenWhole = fn;
  }

  /** Before the bus starts, so that what waited for a persistent session meets a handler. */
  async subscribe(): Promise<void> {
    const { bus, topics, bootId } = this.#options;
    const fold = (message: BusMessage): void => this.#fold(message);
    for (const filter of [topics.incidentAny, topics.orchestratorRooms, topics.orchestratorPolicy, topics.roomAny]) {
      await bus.subscribe(filter, fold);
    }
    await bus.subscribe(topics.commands, fold);
    await bus.subscribe(topics.statusAny, (message) => {
      this.#options.onStatus(bodyOf(message));
      fold(message);
    });
    await bus.subscribe(topics.ackAny, (message) => {
      this.#options.onAck(bodyOf(message));
      fold(message);
    });
    await bus.subscribe(topics.metricsAny, fold, { qos: 0 });
    await bus.subscribe(topics.detectionsAny, fold, { qos: 0 });
    await bus.subscribe(topics.orchestratorMarker(bootId), (message) => this.#marker(message));
  }

  /** To be called on each connection, when the own retained messages have been published again. */
  async connected(): Promise<void> {
    const { bus, topics, bootId } = this.#options;
    await bus.publish(topics.orchestratorMarker(bootId), { epoch: this.#epoch });
  }

  /** To be called first on each connection. */
  reset(): void {
    this.#epoch += 1;
    this.#options.store.connected(this.#options.clock.monotonic());
  }

  #marker(message: BusMessage): void {
    const { clock, store, changed, logger } = this.#options;
    const epoch = this.#epoch;
    if ((bodyOf(message) as { epoch?: unknown } | undefined)?.epoch !== epoch) return;
    clock.setTimeout(() => {
      if (epoch !== this.#epoch) return;
      this.#wholeEpoch = epoch;
      store.whole(clock.monotonic());
      logger.info({ event: 'view_whole' }, 'everything retained has been read');
      this.#whenWhole();
      changed();
    }, settleMs);
  }

  #fold(message: BusMessage): void {
    const { store, topics, clock, logger, changed } = this.#options;
    const heard: Heard = { topic: message.topic, retain: message.retain, dup: message.dup, body: bodyOf(message) };
    const now = { wallMs: clock.now(), monoMs: clock.monotonic() };
    const outcome = dispatch(store, topics.prefix, heard, now);
    if (outcome === 'look') changed();
    if (typeof outcome === 'string' || this.#malformed.has(message.topic)) return;
    if (this.#malformed.size < 1000) this.#malformed.add(message.topic);
    logger.warn({ event: 'message_malformed', topic: message.topic, reason: outcome.malformed }, 'message ignored');
  }
}

/** The parsed payload; undefined when empty; a text that no schema takes when it is not JSON. */
export function bodyOf(message: BusMessage): unknown {
  if (message.payload.length === 0) return undefined;
  try {
    return message.json();
  } catch {
    return 'not JSON';
  }
}
