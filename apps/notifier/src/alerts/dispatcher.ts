import { type Backoff, type Clock, createBackoff, type Logger, type Timer, within } from '@vigilia/service';
import type { AlertMessage } from '../targets/alert-message.ts';
import { sendInTime } from '../targets/send-in-time.ts';
import { SendError, type Target } from '../targets/target.ts';
import type { Delivery } from './memory.ts';
import type { TargetHealth } from './target-health.ts';

export interface DispatcherOptions {
  readonly targets: ReadonlyMap<string, Target>;
  /** What waits to be sent, oldest first. */
  readonly pending: () => readonly Delivery[];
  /** The message of a delivery; undefined when its case has ended. */
  readonly compose: (delivery: Delivery) => AlertMessage | undefined;
  /** Resolves when it is remembered that the message may be arriving (true), or surely has not (false). */
  readonly onBegun: (delivery: Delivery, begun: boolean) => Promise<void>;
  /** Resolves when it is remembered that the message arrived. */
  readonly onSent: (delivery: Delivery) => Promise<void>;
  /** Resolves when it is remembered that the message is not sent again. */
  readonly onDropped: (delivery: Delivery) => Promise<void>;
  readonly health: TargetHealth;
  readonly onAttempt: (target: string, outcome: 'sent' | 'failed') => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

const retry = { minMs: 1000, maxMs: 60_000, jitter: 0.3 };
/** How long a stop waits for messages that are under way. */
const stopGraceMs = 3000;

interface Waiting {
  readonly backoff: Backoff;
  readonly dueMs: number;
}

/**
 * Sends what is pending, each target by itself: one that is down delays no other, and a message that fails delays none
 * behind it. Critical messages have a way of their own at each target, so that no warning is in front of a fall. A picture is
 * tried once: it must not keep a target busy, nor make one that takes alarms count as down.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #busy = new Map<string, Promise<void>>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #stopping = new AbortController();
  #timer: Timer | undefined;
  #stopped = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** Looks at what is pending and starts what is due and not under way. */
  wake(): void {
    if (this.#stopped) return;
    this.#timer?.cancel();
    const pending = this.#options.pending();
    const ids = new Set(pending.map(({ id }) => id));
    for (const id of this.#waiting.keys()) {
      if (!ids.has(id)) {
        this.#waiting.delete(id);
      }
    }
    const nowMs = this.#options.clock.monotonic();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const delivery of untriedFirst(pending, this.#waiting)) {
      const lane = `${delivery.target} ${delivery.critical}`;
      const target = this.#options.targets.get(delivery.target);
      if (target === undefined || this.#busy.has(lane)) continue;
      const dueMs = this.#waiting.get(delivery.id)?.dueMs ?? nowMs;
      if (dueMs > nowMs) {
        nextMs = Math.min(nextMs, dueMs);
      } else {
        this.#run(lane, target, delivery);
      }
    }
    if (nextMs < Number.POSITIVE_INFINITY) {
      this.#timer = this.#options.clock.setTimeout(() => this.wake(), nextMs - nowMs);
    }
  }

  /** Starts nothing more, waits a little for what is under way, then cuts it: it is sent again after the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    const { clock } = this.#options;
    using grace = within(stopGraceMs, undefined, { clock });
    await grace.waitFor(Promise.all(this.#busy.values()));
    this.#stopping.abort(new Error('the notifier stops'));
    await Promise.all(this.#busy.values());
  }

  #run(lane: string, target: Target, delivery: Delivery): void {
    const work = this.#send(target, delivery).finally(() => {
      this.#busy.delete(lane);
      this.wake();
    });
    this.#busy.set(lane, work);
  }

  async #send(target: Target, delivery: Delivery): Promise<void> {
    const { compose, onBegun, onSent, onAttempt, health, clock, logger } = this.#options;
    const fields = { target: target.name, step: delivery.step, case: delivery.caseKey };
    const message = compose(delivery);
    if (message === undefined) return;
    await onBegun(delivery, true);
    try {
      await sendInTime({ target, message, clock, signal: this.#stopping.signal });
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      const failure = asSendError(error);
      if (delivery.step === 'replay') return this.#dropPicture(delivery, failure, fields);
      this.#failed(delivery, failure, fields);
      if (!failure.mayHaveArrived) {
        await onBegun(delivery, false);
      }
      return;
    }
    this.#waiting.delete(delivery.id);
    onAttempt(target.name, 'sent');
    if (health.succeeded(target.name)) {
      logger.info({ event: 'alert_target_up', target: target.name }, 'works again');
    }
    logger.info({ event: 'alert_sent', ...fields }, 'alert sent');
    await onSent(delivery);
  }

  #dropPicture(delivery: Delivery, error: SendError, fields: Record<string, unknown>): Promise<void> {
    const { onAttempt, onDropped, logger } = this.#options;
    const { code, remedy } = error;
    onAttempt(delivery.target, 'failed');
    logger.warn({ event: 'picture_not_sent', ...fields, code, remedy }, `picture not sent: ${error.message}`);
    return onDropped(delivery);
  }

  #failed(delivery: Delivery, error: SendError, fields: Record<string, unknown>): void {
    const { onAttempt, health, clock, logger } = this.#options;
    const backoff = this.#waiting.get(delivery.id)?.backoff ?? createBackoff(retry);
    const waitMs = Math.max(backoff.next(), error.retryAfterMs ?? 0);
    this.#waiting.set(delivery.id, { backoff, dueMs: clock.monotonic() + waitMs });
    onAttempt(delivery.target, 'failed');
    const first = health.failed(delivery.target, error, new Date(clock.now()).toISOString());
    const { code, remedy } = error;
    const again = { attempt: backoff.attempts, retry_in_ms: Math.round(waitMs) };
    logger[first ? 'error' : 'warn'](
      { event: 'alert_not_sent', ...fields, code, remedy, ...again },
      `alert not sent: ${error.message}`,
    );
  }
}

/** A target that answers slowly, or not at all, must not have a new alarm wait for each message that it has not taken. */
function untriedFirst(pending: readonly Delivery[], waiting: ReadonlyMap<string, Waiting>): readonly Delivery[] {
  return [...pending.filter(({ id }) => !waiting.has(id)), ...pending.filter(({ id }) => waiting.has(id))];
}

/** What a target threw besides its own errors is an internal error; its text may hold anything. */
function asSendError(error: unknown): SendError {
  if (error instanceof SendError) return error;
  const remedy = 'This is a fault in Vigilia; the target’s settings in the alerts file may show why.';
  return new SendError({ code: 'internal', message: 'The message could not be made.', remedy });
}
