import { shownBroker } from './broker-addresses.ts';
import { BrokerSearch, type OpenProbe } from './broker-search.ts';
import {
  brokerOfLeader,
  chooseToBegin,
  chooseToFollow,
  chooseToLead,
  leaderPatienceMs,
  type SearchView,
} from './choose-broker.ts';
import type { Clock, Timer } from './clock.ts';
import type { Logger } from './logger.ts';
import { untilAborted, within } from './within.ts';

export interface BrokerPlaceOptions {
  /** In the order of preference. */
  readonly addresses: readonly string[];
  /** The service joins the orchestrator; without it, it takes the first broker that answers. */
  readonly follows: boolean;
  readonly openProbe: OpenProbe;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface SharedSearch {
  readonly found: Promise<number>;
  readonly abort: AbortController;
  /** Connections that wait for it; the last one to give up ends it. */
  waiting: number;
}

interface LeaderWatch {
  timer: Timer;
  readonly abort: AbortController;
}

/** How often a service checks that the orchestrator is at its broker. */
const checkEveryMs = 500;
/** How long it looks for it elsewhere, and how long it then waits before it looks again. */
const lookElsewhereMs = 2000;
const lookAgainMs = 3000;

/**
 * At which of several brokers the connections of this process are. All of them share it, and move together. With one address it
 * never searches and never moves.
 */
export class BrokerPlace {
  readonly #options: BrokerPlaceOptions;
  readonly #onMove: (() => void)[] = [];
  #current = 0;
  #moves = 0;
  #settled: boolean;
  #search: SharedSearch | undefined;
  #watch: LeaderWatch | undefined;
  #leaderHeardMs = 0;
  #absenceShown = false;
  /** A connection was made at least once. */
  #begun = false;

  constructor(options: BrokerPlaceOptions) {
    this.#options = options;
    this.#settled = options.addresses.length < 2;
  }

  get several(): boolean {
    return this.#options.addresses.length > 1;
  }

  get follows(): boolean {
    return this.several && this.#options.follows;
  }

  /** The index of the broker of the present connection, or of the last one. */
  get index(): number {
    return this.#current;
  }

  /** How often a broker was left for another one. */
  get moves(): number {
    return this.#moves;
  }

  get address(): string {
    return this.#options.addresses[this.#current] ?? '';
  }

  /** The orchestrator was heard at this broker within the last seconds; also true where it is not listened for. */
  get leaderIsHere(): boolean {
    return !this.follows || this.#silentMs() < leaderPatienceMs;
  }

  /** `fn` leaves the broker: another one was chosen. */
  onMove(fn: () => void): void {
    this.#onMove.push(fn);
  }

  /** Returns the address to connect to; searches first where the last one was lost. @throws the reason of the signal */
  async find(signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    if (!this.#settled) {
      const search = this.#searchForAll();
      search.waiting += 1;
      try {
        await untilAborted(search.found, signal);
      } finally {
        search.waiting -= 1;
        if (search.waiting === 0) {
          search.abort.abort();
        }
      }
    }
    return this.address;
  }

  /** A connection to this address ended, or could not be made: before the next attempt all brokers are asked. */
  lost(address: string): void {
    if (!this.several || address !== this.address) return;
    this.#settled = false;
    this.#endWatch();
  }

  /** Takes this broker; connections that are at another one leave it. */
  moveTo(index: number): void {
    const from = this.address;
    const moves = index !== this.#current;
    this.#current = index;
    this.#settled = true;
    if (!moves) return;
    this.#endWatch();
    if (this.#begun) {
      this.#moves += 1;
    }
    const fields = { event: 'broker_chosen', from: shownBroker(from), to: shownBroker(this.address) };
    this.#options.logger.warn(fields, 'moving to another broker');
    for (const fn of this.#onMove) {
      fn();
    }
  }

  /** A connection to the chosen broker is in use. */
  connected(): void {
    this.#begun = true;
    if (!this.follows || this.#watch !== undefined) return;
    this.#leaderHeardMs = this.#options.clock.monotonic();
    this.#watch = { timer: this.#checkLater(), abort: new AbortController() };
  }

  /** The orchestrator was heard at this broker. */
  leaderHeard(): void {
    this.#absenceShown = false;
    this.#leaderHeardMs = this.#options.clock.monotonic();
  }

  stop(): void {
    this.#endWatch();
    this.#search?.abort.abort();
  }

  #searchForAll(): SharedSearch {
    if (this.#search !== undefined && !this.#search.abort.signal.aborted) return this.#search;
    const abort = new AbortController();
    const found = this.#look(this.#choice(), abort.signal);
    const search: SharedSearch = { found, abort, waiting: 0 };
    this.#search = search;
    found
      .then((index) => this.moveTo(index))
      .catch(() => undefined)
      .finally(() => {
        if (this.#search === search) {
          this.#search = undefined;
        }
      });
    return search;
  }

  #choice(): (view: SearchView) => number | undefined {
    if (this.#options.follows) return chooseToFollow;
    return this.#begun ? chooseToLead : chooseToBegin;
  }

  #look(choose: (view: SearchView) => number | undefined, signal: AbortSignal, except?: number): Promise<number> {
    const { addresses, openProbe, clock } = this.#options;
    return new BrokerSearch({ addresses, openProbe, clock, current: this.#current, except, choose }).run(signal);
  }

  #silentMs(): number {
    return this.#options.clock.monotonic() - this.#leaderHeardMs;
  }

  #endWatch(): void {
    this.#watch?.timer.cancel();
    this.#watch?.abort.abort();
    this.#watch = undefined;
  }

  #checkLater(inMs = checkEveryMs): Timer {
    return this.#options.clock.setTimeout(() => void this.#check(), inMs);
  }

  async #check(): Promise<void> {
    const watch = this.#watch;
    if (watch === undefined) return;
    const absent = !this.leaderIsHere;
    if (absent) {
      await this.#lookElsewhere(watch);
    }
    if (this.#watch === watch) {
      watch.timer = this.#checkLater(absent ? lookAgainMs : checkEveryMs);
    }
  }

  /** Only where the orchestrator is heard elsewhere does the service move: without one, leaving would help no service. */
  async #lookElsewhere(watch: LeaderWatch): Promise<void> {
    const { logger, clock } = this.#options;
    if (!this.#absenceShown) {
      this.#absenceShown = true;
      logger.warn({ event: 'leader_absent', broker: shownBroker(this.address) }, 'no orchestrator at this broker');
    }
    using limit = within(lookElsewhereMs, watch.abort.signal, { clock });
    const elsewhere = ({ seen }: SearchView): number | undefined => brokerOfLeader(seen);
    const found = await this.#look(elsewhere, limit.signal, this.#current).catch(() => undefined);
    if (found !== undefined && this.#watch === watch && !this.leaderIsHere) {
      this.moveTo(found);
    }
  }
}
