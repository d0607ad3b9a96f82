import { randomUUID } from 'node:crypto';
import { channels, type OnMyWayAnswer } from '@vigilia/protocol';
import { type ChannelBus, type Clock, within } from '@vigilia/service';

/** The notifier waits up to 5 s for the orchestrator. */
const answerWithinMs = 8000;

/** Passes the tokens of confirmed links on to the notifier, which alone can read them, and waits for what became of them. */
export class OnMyWay {
  readonly #bus: ChannelBus;
  readonly #clock: Clock;
  readonly #waiting = new Map<string, (answer: OnMyWayAnswer) => void>();

  constructor({ bus, clock }: { bus: ChannelBus; clock: Clock }) {
    this.#bus = bus;
    this.#clock = clock;
  }

  /** Subscribes to the answers; call it before the bus is started. */
  start(): void {
    void this.#bus.subscribe(channels.onMyWayAnswer, ({ value }) => {
      if (value !== undefined) {
        this.#waiting.get(value.request_id)?.(value);
      }
    });
  }

  /** Resolves with the notifier's answer; `failed` when none came in time. */
  async confirm(token: string): Promise<Omit<OnMyWayAnswer, 'request_id'>> {
    const requestId = randomUUID();
    using limit = within(answerWithinMs, undefined, { clock: this.#clock });
    const answer = new Promise<OnMyWayAnswer>((resolve) => {
      this.#waiting.set(requestId, resolve);
      const late = () => resolve({ request_id: requestId, result: 'failed' });
      limit.signal.addEventListener('abort', late, { once: true });
      const expirySeconds = Math.ceil(answerWithinMs / 1000);
      const request = { request_id: requestId, token };
      this.#bus.publish(channels.onMyWayRequest, {}, request, { expirySeconds }).catch(late);
    });
    try {
      return await answer;
    } finally {
      this.#waiting.delete(requestId);
    }
  }
}
