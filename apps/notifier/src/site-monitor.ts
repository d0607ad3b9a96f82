import { emptyHouse, fold, type House, type HouseChannel, type HouseMessage, houseMessage } from '@vigilia/house';
import { channels } from '@vigilia/protocol';
import type { ChannelBus, Clock, ReceivedOf, Timer } from '@vigilia/service';

export interface SiteMonitorOptions {
  readonly bus: ChannelBus;
  readonly clock: Clock;
  /** Called after each message that must not be lost; it is acknowledged to the broker when this resolves. */
  readonly onNews: () => Promise<void>;
  /** Called once a second: silence is news too. */
  readonly onTick: () => Promise<void>;
}

const tickMs = 1000;
/** So long after a connection everything that is retained has surely arrived. */
const wholeAfterMs = 15_000;

/** Receives messages and keeps the state of the site. */
export class SiteMonitor {
  readonly #options: SiteMonitorOptions;
  readonly #wallOffsetMs: number;
  #house: House;
  #timer: Timer | undefined;
  #stopped = false;

  constructor(options: SiteMonitorOptions) {
    this.#options = options;
    this.#wallOffsetMs = options.clock.now() - options.clock.monotonic();
    this.#house = emptyHouse(this.nowMs());
  }

  /** Epoch ms that never go back, whatever happens to the machine's clock. */
  nowMs(): number {
    return this.#options.clock.monotonic() + this.#wallOffsetMs;
  }

  /** The site now; `whole` when what is missing in it was removed, and not just not received yet. */
  observe(): { house: House; nowMs: number; whole: boolean } {
    const nowMs = this.nowMs();
    const whole = this.#house.connected && nowMs - this.#house.connectionSinceMs >= wholeAfterMs;
    return { house: this.#house, nowMs, whole };
  }

  /** Subscribes; call it before the bus is started, because a persistent session delivers at once. */
  start(): void {
    const { bus, onNews } = this.#options;
    const kept = [
      channels.incident,
      channels.replay,
      channels.orchestratorRooms,
      channels.orchestratorStatus,
      channels.status,
      channels.room,
    ] as const;
    void bus.subscribeAll(kept, async (message) => {
      this.#take(message);
      await onNews();
    });
    void bus.subscribe(channels.detections, (message) => this.#take(message));
    bus.bus.onConnect(() => this.#fold({ kind: 'connected' }));
    bus.bus.onDisconnect(() => this.#fold({ kind: 'disconnected' }));
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #take(message: ReceivedOf<HouseChannel>): void {
    const heard = houseMessage(message, this.#options.clock.now());
    if (heard !== undefined) {
      this.#fold(heard);
    }
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
