import { emptyHouse, fold, type House, type HouseMessage, houseChannels, houseMessage } from '@vigilia/house';
import type { ChannelBus, Clock, Timer } from '@vigilia/service';
import { houseView } from '../house/house-view.ts';
import type { HouseView } from '../shared/view.ts';
import { diffViews, type ViewChange } from '../shared/view-change.ts';

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

/** Receives messages, keeps the state of the site, and notifies its listeners of changes in the view of it. */
export class LiveHouse {
  readonly #options: LiveHouseOptions;
  readonly #listeners = new Set<(change: ViewChange) => void>();
  readonly #wallOffsetMs: number;
  #house: House;
  #view: HouseView;
  #timer: Timer | undefined;
  #dueMs = 0;
  #stopped = false;

  constructor(options: LiveHouseOptions) {
    this.#options = options;
    this.#wallOffsetMs = options.clock.now() - options.clock.monotonic();
    this.#house = emptyHouse(this.nowMs());
    this.#view = this.#currentView();
  }

  get house(): House {
    return this.#house;
  }

  /** Of the last look, at most a second old. */
  get view(): HouseView {
    return this.#view;
  }

  /** Epoch ms that never go back, whatever happens to the machine's clock. */
  nowMs(): number {
    return this.#options.clock.monotonic() + this.#wallOffsetMs;
  }

  /** Subscribes; call it before the bus is started. */
  start(): void {
    const { bus } = this.#options;
    void bus.subscribeAll(houseChannels, (message) => {
      const heard = houseMessage(message);
      if (heard !== undefined) {
        this.#fold(heard);
      }
    });
    bus.bus.onConnect(() => this.#fold({ kind: 'connected' }));
    bus.bus.onDisconnect(() => this.#fold({ kind: 'disconnected', sessionEnds: true }));
    this.#schedule(tickMs);
  }

  listen(listener: (change: ViewChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#listeners.clear();
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
    this.#timer = this.#options.clock.setTimeout(() => this.#tell(), delayMs);
  }

  #tell(): void {
    this.#timer = undefined;
    const next = this.#currentView();
    const change = diffViews(this.#view, next);
    this.#view = next;
    if (change !== undefined) {
      for (const listener of this.#listeners) {
        listener(change);
      }
    }
    this.#schedule(tickMs);
  }

  #currentView(): HouseView {
    return houseView(this.#house, { nowMs: this.nowMs(), senderOf: this.#options.senderOf });
  }
}
