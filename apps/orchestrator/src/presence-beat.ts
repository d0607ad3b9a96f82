import { channels, type LeaderPresence } from '@vigilia/protocol';
import type { ChannelBus, Clock, Timer } from '@vigilia/service';

export interface PresenceBeatOptions {
  readonly bus: Pick<ChannelBus, 'publish'>;
  readonly clock: Pick<Clock, 'setTimeout'>;
  /** With one broker there is none to choose, and nothing is published. */
  readonly several: boolean;
  readonly mark: () => LeaderPresence;
}

/** The other services take its absence seriously after 3 s (`leaderPatienceMs`). */
const everyMs = 500;

/** Shows the other services at which of several brokers they meet: the one whose retained state the orchestrator has read and put right. */
export class PresenceBeat {
  readonly #options: PresenceBeatOptions;
  #timer: Timer | undefined;

  constructor(options: PresenceBeatOptions) {
    this.#options = options;
  }

  begin(): void {
    this.end();
    if (this.#options.several) {
      this.#beat();
    }
  }

  end(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #beat(): void {
    const { bus, clock, mark } = this.#options;
    void bus.publish(channels.leaderPresence, {}, mark()).catch(() => undefined);
    this.#timer = clock.setTimeout(() => this.#beat(), everyMs);
  }
}
