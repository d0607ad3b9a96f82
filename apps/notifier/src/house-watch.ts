import { emptyHouse, fold, type House, type HouseMessage, readMessage } from '@vigilia/house';
import type { Topics } from '@vigilia/protocol';
import type { Bus, BusMessage, Clock, Timer } from '@vigilia/service';

export interface HouseWatchOptions {
  readonly bus: Pick<Bus, 'subscribe' | 'onConnect' | 'onDisconnect'>;
  readonly topics: Topics;
  readonly clock: Clock;
  /** Called after each message that must not be lost; it is acknowledged to the broker when this resolves. */
  readonly onNews: () => Promise<void>;
  /** Called once a second: silence is news too. */
  readonly onTick: () => Promise<void>;
}

const tickMs = 1000;
/** So long after a connection everything that is retained has surely arrived. */
const wholeAfterMs = 15_000;

/** Hears MQTT and keeps the house. */
export class HouseWatch {
  readonly #options: HouseWatchOptions;
  readonly #wallOffsetMs: number;
  #house: House;
  #timer: Timer | undefined;
  #stopped = false;

  constructor(options: HouseWatchOptions) {
    this.#options = options;
    this.#wallOffsetMs = options.clock.now() - options.clock.monotonic();
    this.#house = emptyHouse(this.nowMs());
  }

  /** Epoch ms that never go back, whatever happens to the machine's clock. */
  nowMs(): number {
    return this.#options.clock.monotonic() + this.#wallOffsetMs;
  }

  /** The house now; `whole` when what is missing in it is gone, and not just unheard of. */
  look(): { house: House; nowMs: number; whole: boolean } {
    const nowMs = this.nowMs();
    const whole = this.#house.connected && nowMs - this.#house.connectionSinceMs >= wholeAfterMs;
    return { house: this.#house, nowMs, whole };
  }

  /** Subscribes; call it before the bus is started, because a persistent session delivers at once. */
  start(): void {
    const { bus, topics, onNews } = this.#options;
    const take = async (message: BusMessage): Promise<void> => {
      if (this.#take(message)) await onNews();
    };
    const reliable = [
      topics.incidentAny,
      topics.orchestratorRooms,
      topics.orchestratorStatus,
      topics.statusAny,
      topics.roomAny,
    ];
    for (const filter of reliable) void bus.subscribe(filter, take, { qos: 1 });
    void bus.subscribe(topics.detectionsAny, (message) => void this.#take(message), { qos: 0 });
    bus.onConnect(() => this.#fold({ kind: 'connected' }));
    bus.onDisconnect(() => this.#fold({ kind: 'disconnected' }));
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #take(message: BusMessage): boolean {
    const { prefix } = this.#options.topics;
    const heard = readMessage(prefix, message.topic, message.payload.toString('utf8'));
    if (heard !== undefined) this.#fold(heard);
    return heard !== undefined;
  }

  #fold(message: HouseMessage): void {
    this.#house = fold(this.#house, message, this.nowMs());
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = this.#options.clock.setTimeout(() => {
      this.#schedule();
      void this.#options.onTick();
    }, tickMs);
  }
}
