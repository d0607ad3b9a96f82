import type { BusError, PublishOptions, QueueBounds } from './bus.ts';
import { Deque } from './deque.ts';

/** A QoS 1 message that the broker has not acknowledged. */
export interface QueuedMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly options: PublishOptions;
  /** On the monotonic clock, ms. */
  readonly expiresAtMs: number;
  /** From the first sending on. */
  messageId: number | undefined;
  readonly resolve: () => void;
  readonly reject: (error: BusError) => void;
}

/** What happens when a queue is full: `oldest` drops the one that waits longest, `newest` rejects the new one. */
export type WhenFull = 'oldest' | 'newest';

/**
 * The messages of one class, in order: those that wait, and those that were sent on the present connection and are not
 * acknowledged. Those in flight are never dropped.
 */
export class OutgoingQueue {
  readonly #bounds: QueueBounds;
  readonly #whenFull: WhenFull;
  readonly #waiting = new Deque<QueuedMessage>();
  readonly #inFlight = new Set<QueuedMessage>();
  #bytes = 0;

  constructor(bounds: QueueBounds, whenFull: WhenFull) {
    this.#bounds = bounds;
    this.#whenFull = whenFull;
  }

  get size(): number {
    return this.#waiting.length + this.#inFlight.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  get first(): QueuedMessage | undefined {
    return this.#waiting.first;
  }

  /** Puts a message at the end. Returns the messages that had to go for it, or the message itself; the caller rejects them. */
  add(message: QueuedMessage, nowMs: number): QueuedMessage[] {
    this.#waiting.push(message);
    this.#bytes += bytesOf(message);
    return this.#whenFull === 'oldest' ? this.#dropOldest() : this.#makeRoomFor(message, nowMs);
  }

  /** Takes the first waiting message for sending. */
  send(): void {
    const message = this.#waiting.shift();
    if (message !== undefined) {
      this.#inFlight.add(message);
    }
  }

  /** Removes a message that is here. */
  remove(message: QueuedMessage): void {
    if (!this.#inFlight.delete(message)) {
      this.#waiting.remove(message);
    }
    this.#bytes -= bytesOf(message);
  }

  /** The connection ended: what was in flight waits again, in front. */
  rewind(): void {
    this.#waiting.unshift(this.#inFlight);
    this.#inFlight.clear();
  }

  /** Removes everything. */
  drain(): QueuedMessage[] {
    const all = [...this.#inFlight, ...this.#waiting];
    this.#inFlight.clear();
    this.#waiting.clear();
    this.#bytes = 0;
    return all;
  }

  #dropOldest(): QueuedMessage[] {
    const dropped: QueuedMessage[] = [];
    for (let { first } = this; first !== undefined && this.#full(); { first } = this) {
      dropped.push(first);
      this.remove(first);
    }
    return dropped;
  }

  /** Messages whose time is over, and older states of the same retained topic, make room; else the new one does not fit. */
  #makeRoomFor(message: QueuedMessage, nowMs: number): QueuedMessage[] {
    if (!this.#full()) {
      return [];
    }
    const superfluous = this.#waiting.filter((one) => replaces(message, one) || one.expiresAtMs <= nowMs);
    const freedBytes = superfluous.reduce((sum, one) => sum + bytesOf(one), 0);
    const { messages, bytes } = this.#bounds;
    const fits = this.size - superfluous.length <= messages && this.#bytes - freedBytes <= bytes;
    const removed = fits ? superfluous : [message];
    for (const one of removed) {
      this.remove(one);
    }
    return removed;
  }

  #full(): boolean {
    return this.size > this.#bounds.messages || this.#bytes > this.#bounds.bytes;
  }
}

function replaces(message: QueuedMessage, older: QueuedMessage): boolean {
  return (
    older !== message &&
    message.options.retain === true &&
    older.options.retain === true &&
    older.topic === message.topic
  );
}

function bytesOf({ topic, payload }: QueuedMessage): number {
  return topic.length + payload.length;
}
