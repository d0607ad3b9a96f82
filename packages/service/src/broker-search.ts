import type { LeaderMark, SearchView, SeenBroker } from './choose-broker.ts';
import type { Clock } from './clock.ts';

/** What a probe reports while it is open. */
export interface ProbeReports {
  readonly answers: (answers: 'yes' | 'no') => void;
  readonly leader: (mark: LeaderMark) => void;
}

/** Opens a connection of its own to a broker, which only listens; returns how to close it. */
export type OpenProbe = (address: string, reports: ProbeReports) => { close(): void };

export interface BrokerSearchOptions {
  readonly addresses: readonly string[];
  readonly openProbe: OpenProbe;
  readonly clock: Clock;
  readonly current: number;
  /** A broker that is not asked. */
  readonly except?: number | undefined;
  readonly choose: (view: SearchView) => number | undefined;
}

/** How often the choice is made again without news, ms. */
const reviewMs = 100;

/** Asks all brokers at the same time until one can be chosen. */
export class BrokerSearch {
  readonly #options: BrokerSearchOptions;
  readonly #seen: SeenBroker[];

  constructor(options: BrokerSearchOptions) {
    this.#options = options;
    this.#seen = options.addresses.map((_, index) => ({ answers: index === options.except ? 'no' : 'pending' }));
  }

  /** Returns the index of the broker that was chosen. @throws the reason of the signal */
  async run(signal: AbortSignal): Promise<number> {
    const { addresses, clock, current, choose, except } = this.#options;
    signal.throwIfAborted();
    const since = clock.monotonic();
    const probes = addresses.flatMap((address, index) => (index === except ? [] : [this.#probe(address, index)]));
    try {
      for (;;) {
        const chosen = choose({ seen: this.#seen, current, elapsedMs: clock.monotonic() - since });
        if (chosen !== undefined) return chosen;
        await clock.sleep(reviewMs, signal);
      }
    } finally {
      for (const probe of probes) {
        probe.close();
      }
    }
  }

  #probe(address: string, index: number): { close(): void } {
    const note = (news: Partial<SeenBroker>): void => {
      this.#seen[index] = { answers: 'pending', ...this.#seen[index], ...news };
    };
    return this.#options.openProbe(address, {
      answers: (answers) => note(answers === 'no' ? { answers, leader: undefined } : { answers }),
      leader: (leader) => note({ leader }),
    });
  }
}
