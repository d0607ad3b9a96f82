import type { House } from '@vigilia/house';
import { houseView } from '../house/house-view.ts';
import { houseOfWards, isOfWards } from '../house/rooms-of-wards.ts';
import type { HouseView } from '../shared/view.ts';
import { diffViews, type ViewChange } from '../shared/view-change.ts';

export interface LiveSiteOptions {
  /** The whole site as of now. */
  readonly wholeHouse: () => House;
  readonly nowMs: () => number;
  readonly senderOf: (commandId: string) => string | undefined;
  /** Undefined: of the whole site. */
  readonly wards: readonly string[] | undefined;
}

/** The site as an account may know it: what belongs to other wards is not there. */
export class LiveSite {
  readonly #options: LiveSiteOptions;
  readonly #listeners = new Set<(change: ViewChange) => void>();
  #shown: HouseView | undefined;
  #limited: { readonly whole: House; readonly house: House } | undefined;

  constructor(options: LiveSiteOptions) {
    this.#options = options;
  }

  /** Undefined: all rooms, those without a ward too. */
  get wards(): readonly string[] | undefined {
    return this.#options.wards;
  }

  /** As of now. */
  get house(): House {
    const { wholeHouse, wards } = this.#options;
    const whole = wholeHouse();
    if (wards === undefined) return whole;
    if (this.#limited?.whole !== whole) {
      this.#limited = { whole, house: houseOfWards(whole, wards) };
    }
    return this.#limited.house;
  }

  /** Returns whether a room is the account's to see and to act on. */
  has(sourceId: number): boolean {
    const { wholeHouse, wards } = this.#options;
    return wards === undefined || isOfWards(wholeHouse().desired, wards, sourceId);
  }

  /**
   * Returns whether the account may know what was recorded of a room. A room that is no longer part of the site belongs to the ward
   * that it had last.
   */
  hasRecorded(sourceId: number, lastWard: string | undefined): boolean {
    const { wholeHouse, wards } = this.#options;
    const { desired } = wholeHouse();
    const isPresent = Object.hasOwn(desired?.rooms ?? {}, String(sourceId));
    if (wards === undefined || isPresent) return this.has(sourceId);
    return desired !== undefined && (lastWard === undefined || wards.includes(lastWard));
  }

  /** Returns whether an incident, or a reported fall, is the account's to see and to act on. */
  hasIncident(id: string): boolean {
    const { incidents, alerts, replays } = this.house;
    return this.wards === undefined || incidents.has(id) || alerts.has(id) || replays.has(id);
  }

  /** What pages show: while there are listeners of the last update, otherwise as of now. */
  get view(): HouseView {
    return this.#shown ?? this.#currentView();
  }

  /** Epoch ms that never go back, whatever happens to the machine's clock. */
  nowMs(): number {
    return this.#options.nowMs();
  }

  /** Calls the listener with each change of the view as it is now, until the returned function is called. */
  listen(listener: (change: ViewChange) => void): () => void {
    this.#shown ??= this.#currentView();
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) {
        this.#shown = undefined;
        this.#limited = undefined;
      }
    };
  }

  /** Notifies the listeners of what has changed since the last update. */
  update(): void {
    if (this.#shown === undefined) return;
    const next = this.#currentView();
    const change = diffViews(this.#shown, next);
    this.#shown = next;
    if (change === undefined) return;
    for (const listener of this.#listeners) {
      listener(change);
    }
  }

  #currentView(): HouseView {
    const { nowMs, senderOf } = this.#options;
    return houseView(this.house, { nowMs: nowMs(), senderOf });
  }
}
