import type { PublishOptions } from './bus.ts';

export interface LatestMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly options: PublishOptions;
}

const MAX_TOPICS = 1000;
const MAX_BYTES = 4 * 1024 * 1024;

/** QoS 0 messages that wait for a busy socket: the latest per topic. */
export class LatestMessages {
  readonly #messages = new Map<string, LatestMessage>();
  #bytes = 0;

  /** Returns how many messages were dropped for it (0 or 1). */
  add(message: LatestMessage): number {
    const replaced = this.#remove(message.topic);
    if (this.#messages.size >= MAX_TOPICS || this.#bytes + message.payload.length > MAX_BYTES) {
      return replaced + 1;
    }
    this.#messages.set(message.topic, message);
    this.#bytes += message.payload.length;
    return replaced;
  }

  take(): LatestMessage | undefined {
    const [message] = this.#messages.values();
    if (message !== undefined) {
      this.#remove(message.topic);
    }
    return message;
  }

  clear(): void {
    this.#messages.clear();
    this.#bytes = 0;
  }

  #remove(topic: string): number {
    const message = this.#messages.get(topic);
    this.#messages.delete(topic);
    this.#bytes -= message?.payload.length ?? 0;
    return message === undefined ? 0 : 1;
  }
}
