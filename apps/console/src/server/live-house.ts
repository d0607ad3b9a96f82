import { emptyHouse, fold, type House, type HouseMessage, houseChannels, houseMessage } from '@vigilia/house';
import type { ChannelBus, Clock, Timer } from '@vigilia/service';
import { LiveSite } from './live-site.ts';

export interface LiveHouseOptions {
  readonly bus: ChannelBus;
  readonly clock: Clock;
  readonly senderOf: (commandId: string) => string | undefined;
}

/** Changes are gathered for this long: a page does not need each frame. */
const gatherMs = 200;
/** What may be an alarm is passed on at once. */
const urgentKinds: readonly HouseMessage['kind'][] = ['incident', 'alert', 'connected', 'disconnected'];
/** Silence changes the view too, so it is looked at this often without a message. */
const tickMs = 1000;

/** Receives messages and keeps the state of the site, which accounts know by `siteOf` only. */
export class LiveHouse {
  readonly #options: LiveHouseOptions;
  /** By the wards that accounts are limited to. */
  readonly #sites = new Map<string, LiveSite>();
  readonly #wallOffsetMs: number;
  #house: House;
  #timer: Timer | undefined;
  #dueMs = 0;
  #stopped = false;

  constructor(options: LiveHouseOptions) {
    this.#options = options;
    this.#wallOffsetMs = options.clock.now() - options.clock.monotonic();
    this.#house = emptyHouse(this.nowMs());
  }

  /**
   * Returns the site as an account may know it: the one way from what was received to what a person sees and acts on.
   * @param wards those that the account is limited to; undefined: the whole site
   */
  siteOf(wards: readonly string[] | undefined): LiveSite {
    const key = wards === undefined ? '' : JSON.stringify([...wards].sort());
    const known = this.#sites.get(key);
    if (known !== undefined) return known;
    const { senderOf } = this.#options;
    const site = new LiveSite({ wholeHouse: () => this.#house, nowMs: () => this.nowMs(), senderOf, wards });
    this.#sites.set(key, site);
    return site;
  }

  /** Epoch ms that never go back, whatever happens to the machine's clock. */
  nowMs(): number {
    return this.#options.clock.monotonic() + this.#wallOffsetMs;
  }

  /** Subscribes; call it before the bus is started. */
  start(): void {
    const { bus, clock } = this.#options;
    void bus.subscribeAll(houseChannels, (message) => {
      const heard = houseMessage(message, clock.now());
      if (heard !== undefined) {
        this.#fold(heard);
      }
    });
    bus.bus.onConnect(() => this.#fold({ kind: 'connected' }));
    bus.bus.onDisconnect(() => this.#fold({ kind: 'disconnected', sessionEnds: true }));
    this.#schedule(tickMs);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#sites.clear();
  }

  #fold(message: HouseMessage): void {
    this.#house = fold(this.#house, message, this.nowMs());
    this.#schedule(urgentKinds.includes(message.kind) ? 0 : gatherMs);
  }

  /** One timer for both reasons to look; a nearer reason replaces a farther one. */
  #schedule(delayMs: number): void {
    if (this.#stopped) return;
    const dueMs = this.#options.clock.monotonic() + delayMs;
    if (this.#timer !== undefined && this.#dueMs <= dueMs) return;
    this.#timer?.cancel();
    this.#dueMs = dueMs;
    this.#timer = this.#options.clock.setTimeout(() => this.#update(), delayMs);
  }

  #update(): void {
    this.#timer = undefined;
    for (const site of this.#sites.values()) {
      site.update();
    }
    this.#schedule(tickMs);
  }
}
