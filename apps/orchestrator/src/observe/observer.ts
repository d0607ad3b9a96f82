import { channels, type Status } from '@vigilia/protocol';
import type { ChannelBus, Clock, Logger } from '@vigilia/service';
import { dispatch, type ObservedMessage } from './dispatch.ts';
import { judgeCopy } from './older-copies.ts';
import type { Store } from './store.ts';

export interface ObserverOptions {
  readonly bus: ChannelBus;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly store: Store;
  readonly bootId: string;
  /** Counts the moves between brokers. */
  readonly moves: () => number;
  /** Every status of a processor, for commands that wait for an answer. */
  readonly onStatus: (status: Status) => void;
  /** Something worth a look. */
  readonly changed: () => void;
}

/** After its marker, what an unordered broker may still be sending of the retained messages. */
const settleMs = 250;

const observed = [
  channels.incident,
  channels.replay,
  channels.orchestratorRooms,
  channels.orchestratorPolicy,
  channels.alarmFigures,
  channels.room,
  channels.status,
  channels.metrics,
  channels.detections,
] as const;

/**
 * Subscribes to everything and folds it into the store. MQTT does not mark the end of retained messages, so after each
 * connection (that is, after SUBACK) it publishes a marker to its own topic: what was retained has come before it does.
 */
export class Observer {
  readonly #options: ObserverOptions;
  #epoch = 0;
  #wholeEpoch = -1;
  /** Of the broker where the view was whole last. */
  #wholeMoves: number | undefined;
  readonly #olderCopies: ObservedMessage[] = [];
  #whenWhole: () => void = () => {};

  constructor(options: ObserverOptions) {
    this.#options = options;
  }

  /** Everything retained has been read since the last connect. */
  get whole(): boolean {
    return this.#options.bus.connected && this.#wholeEpoch === this.#epoch;
  }

  /** The view was whole at another broker, and is read again at this one. */
  get arriving(): boolean {
    return this.#wholeMoves !== undefined && this.#wholeMoves !== this.#options.moves();
  }

  /** Returns what this broker kept from an earlier stay and has ended since; once. */
  takeOlderCopies(): readonly ObservedMessage[] {
    return this.#olderCopies.splice(0);
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
    const { bus, bootId } = this.#options;
    await bus.subscribeAll(observed, (message) => this.#fold(message));
    await bus.subscribe(channels.orchestratorMarker, ({ value }) => this.#marker(value?.epoch), {
      places: { boot_id: bootId },
    });
  }

  /** To be called on each connection, when the own retained messages have been published again. */
  async connected(): Promise<void> {
    const { bus, bootId } = this.#options;
    await bus.publish(channels.orchestratorMarker, { boot_id: bootId }, { epoch: this.#epoch });
  }

  /** To be called first on each connection. */
  reset(): void {
    this.#epoch += 1;
    this.#options.store.connected(this.#options.clock.monotonic());
  }

  #marker(markedEpoch: number | undefined): void {
    const { clock, store, changed, logger } = this.#options;
    const epoch = this.#epoch;
    if (markedEpoch !== epoch) return;
    clock.setTimeout(() => {
      if (epoch !== this.#epoch) return;
      this.#wholeEpoch = epoch;
      this.#wholeMoves = this.#options.moves();
      store.whole(clock.monotonic());
      logger.info({ event: 'view_whole' }, 'everything retained has been read');
      this.#whenWhole();
      changed();
    }, settleMs);
  }

  #fold(message: ObservedMessage): void {
    const { store, clock, changed, onStatus } = this.#options;
    if (message.arrival.retain && this.arriving) {
      const verdict = judgeCopy(message, store, clock.now());
      if (verdict === 'clear') {
        this.#olderCopies.push(message);
      }
      if (verdict !== 'take') return;
    }
    if (message.channel === 'status' && message.value !== undefined) {
      onStatus(message.value);
    }
    const now = { wallMs: clock.now(), monoMs: clock.monotonic() };
    if (dispatch(store, message, now) === 'plan') {
      changed();
    }
  }
}
