import type { ChannelName, Rejection, RejectReason } from '@vigilia/protocol';
import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';

/** A burst ends when no message of its kind was rejected for this long. */
const burstMs = 60_000;

interface Burst {
  count: number;
  loggedCount: number;
  lastMs: number;
}

/** Counts messages that were not accepted, and logs each kind once per burst. */
export class RejectedMessages {
  readonly #logger: Logger;
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #bursts = new Map<string, Burst>();

  constructor({ logger, clock }: { readonly logger: Logger; readonly clock: Pick<Clock, 'monotonic'> }) {
    this.#logger = logger;
    this.#clock = clock;
  }

  /** Rejected messages since the start. */
  *counts(): Iterable<{ readonly channel: string; readonly reason: string; readonly count: number }> {
    for (const [key, { count }] of this.#bursts) {
      const [channel = '', reason = ''] = key.split(' ');
      yield { channel, reason, count };
    }
  }

  incoming(channel: ChannelName, topic: string, { reason, message }: Rejection): void {
    const earlier = this.#count(channel, reason);
    if (earlier === undefined) return;
    this.#logger.warn(
      { event: 'message_rejected', topic: topic.slice(0, 256), reason, rejected_before: earlier },
      message,
    );
  }

  /** One of our own: an internal error. */
  outgoing(channel: ChannelName, topic: string, problem: string): void {
    const earlier = this.#count(channel, 'outgoing');
    if (earlier === undefined) return;
    this.#logger.error({ event: 'publish_invalid', topic, rejected_before: earlier }, problem);
  }

  /** Returns how many were counted since the last line, or undefined within a burst that was logged. */
  #count(channel: ChannelName, reason: RejectReason | 'outgoing'): number | undefined {
    const key = `${channel} ${reason}`;
    const now = this.#clock.monotonic();
    const burst = this.#bursts.get(key) ?? { count: 0, loggedCount: 0, lastMs: Number.NEGATIVE_INFINITY };
    this.#bursts.set(key, burst);
    const quiet = now - burst.lastMs >= burstMs;
    const earlier = burst.count - burst.loggedCount;
    burst.count += 1;
    burst.lastMs = now;
    if (!quiet) return undefined;
    burst.loggedCount = burst.count;
    return earlier;
  }
}
