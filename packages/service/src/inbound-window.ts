import type { Clock, Timer } from './clock.ts';
import { PubackQueue } from './puback-queue.ts';

export interface InboundWindowOptions {
  readonly clock: Pick<Clock, 'setTimeout'>;
  /** Stops and continues to read from the connection. */
  readonly onFull: () => void;
  readonly onFree: () => void;
  /** The window has been full for `STALLED_MS` and no message was finished: the connection must go. */
  readonly onStalled: () => void;
}

/** Messages and bytes of QoS 1 in hand before reading stops; a broker with MQTT 5 stops earlier, at our Receive Maximum. */
export const INBOUND_MESSAGES = 1000;
export const INBOUND_BYTES = 32 * 1024 * 1024;
const STALLED_MS = 10_000;

/**
 * The QoS 1 messages that were received and not yet acknowledged: acknowledged in order, bounded in number and bytes. Reading
 * stops only at the bound, because a handler may itself wait for an answer of the broker.
 */
export class InboundWindow {
  readonly #options: InboundWindowOptions;
  readonly #order = new PubackQueue();
  #messages = 0;
  #bytes = 0;
  #stalled: Timer | undefined;

  constructor(options: InboundWindowOptions) {
    this.#options = options;
  }

  get full(): boolean {
    return this.#stalled !== undefined;
  }

  /** Call it when a message arrives; call the result when it was handled. */
  enter(bytes: number, sendPuback: () => void): () => void {
    this.#messages += 1;
    this.#bytes += bytes;
    if (!this.full && this.#aboveBound()) {
      this.#watch();
      this.#options.onFull();
    }
    return this.#order.enter(() => {
      this.#messages -= 1;
      this.#bytes -= bytes;
      sendPuback();
      this.#finished();
    });
  }

  /** The connection has ended. */
  close(): void {
    this.#stalled?.cancel();
    this.#stalled = undefined;
  }

  #finished(): void {
    if (!this.full) {
      return;
    }
    this.close();
    if (this.#aboveBound()) {
      this.#watch();
    } else {
      this.#options.onFree();
    }
  }

  #aboveBound(): boolean {
    return this.#messages >= INBOUND_MESSAGES || this.#bytes >= INBOUND_BYTES;
  }

  #watch(): void {
    this.#stalled = this.#options.clock.setTimeout(() => this.#options.onStalled(), STALLED_MS);
  }
}
