import { isDeepStrictEqual } from 'node:util';
import { type ActivePushSubscription, channels, type PushSubscriptionMessage, pushConcerns } from '@vigilia/protocol';
import type { ChannelBus, Clock, Logger, Received, Timer } from '@vigilia/service';
import type { SubscriptionFile } from './subscription-file.ts';

export interface SubscriptionsOptions {
  readonly bus: ChannelBus;
  readonly file: SubscriptionFile;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The ward of a room; undefined where it has none or it is not known. */
  readonly wardOf: (sourceId: number) => string | undefined;
  /** Called once for each device that was not known, or changed its address, keys, rooms or wards. */
  readonly onChanged: (subscription: ActivePushSubscription) => void;
}

/** More devices than a site has; a client of the broker must not fill memory and disk. */
const maxSubscriptions = 2000;
/** This long after a connection every removal that the broker retains has arrived. */
const completeAfterMs = 15_000;
/** By how much the clocks of console and notifier may differ. */
const clocksDifferMs = 60_000;

/**
 * Keeps the devices that receive alarms. They are retained on the broker and kept in a file: after a restart of either, the
 * other one restores them.
 */
export class PhoneRegistry {
  readonly #options: SubscriptionsOptions;
  readonly #byId = new Map<string, ActivePushSubscription>();
  #timer: Timer | undefined;
  /** Of the broker whose devices were read completely. */
  #completeMoves = 0;
  #lostAtMs = 0;

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
  }

  /** Reads the file and subscribes. Call it before the bus is started. */
  async start(): Promise<void> {
    const { bus, file, clock } = this.#options;
    for (const one of await file.load()) {
      this.#byId.set(one.subscription_id, one);
    }
    const take = ({ places, value, arrival }: Received<typeof channels.pushSubscription>) =>
      value === undefined ? this.#restore(places.subscription_id) : this.#take(value, arrival.retain);
    // a broker that refuses it keeps the phones of the file working; the bus reports the refusal
    bus.subscribe(channels.pushSubscription, take, { refresh: true }).catch(() => undefined);
    bus.bus.onDisconnect(() => {
      this.#lostAtMs = clock.now();
    });
    bus.bus.onConnect(() => {
      this.#timer?.cancel();
      this.#timer = clock.setTimeout(() => this.#publishAll(), completeAfterMs);
    });
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** Returns the devices that receive messages about this room (`undefined`: about the whole site), of these users. */
  of(sourceId: number | undefined, users: readonly string[] | undefined): readonly ActivePushSubscription[] {
    const ward = sourceId === undefined ? undefined : this.#options.wardOf(sourceId);
    return [...this.#byId.values()].filter(
      (one) => pushConcerns(one, sourceId, ward) && (users === undefined || users.includes(one.user ?? '')),
    );
  }

  /** Forgets a device that its push service no longer knows, on the broker too. */
  async remove(id: string): Promise<void> {
    const { bus, file, logger } = this.#options;
    const known = this.#byId.get(id);
    if (known === undefined) return;
    this.#byId.delete(id);
    logger.info({ event: 'push_subscription_expired', subscription_id: id, user: known.user }, 'device removed');
    await file.save([...this.#byId.values()]);
    // while the broker is unreachable the message waits for it
    bus.clear(channels.pushSubscription, { subscription_id: id }).catch(() => undefined);
  }

  async #take(message: PushSubscriptionMessage, retained: boolean): Promise<void> {
    const { bus, file, logger, onChanged } = this.#options;
    const { subscription_id: id } = message;
    const before = this.#byId.get(id);
    if (message.state === 'removed') {
      this.#byId.delete(id);
      if (before !== undefined) {
        logger.info({ event: 'push_subscription_removed', subscription_id: id, user: before.user }, 'device removed');
        await file.save([...this.#byId.values()]);
      }
      bus.clear(channels.pushSubscription, { subscription_id: id }).catch(() => undefined);
      return;
    }
    if (isDeepStrictEqual(before, message)) return;
    if (before === undefined && retained && this.#isOlderCopy(message)) {
      logger.warn(
        { event: 'push_subscription_outdated', subscription_id: id },
        'the broker kept a device that was removed',
      );
      bus.clear(channels.pushSubscription, { subscription_id: id }).catch(() => undefined);
      return;
    }
    if (before === undefined && this.#byId.size >= maxSubscriptions) {
      logger.warn({ event: 'push_subscriptions_full', max: maxSubscriptions }, 'a device was not registered');
      return;
    }
    this.#byId.set(id, message);
    logger.info({ event: 'push_subscription_added', subscription_id: id, user: message.user }, 'device registered');
    await file.save([...this.#byId.values()]);
    onChanged(message);
  }

  /** At a broker of an earlier stay: a device that is not known was removed since, unless it was registered during the move. */
  #isOlderCopy({ created_at }: ActivePushSubscription): boolean {
    const moved = this.#options.bus.bus.health().moves !== this.#completeMoves;
    return moved && Date.parse(created_at) < this.#lostAtMs - clocksDifferMs;
  }

  #publishAll(): void {
    this.#completeMoves = this.#options.bus.bus.health().moves;
    for (const id of this.#byId.keys()) {
      this.#restore(id);
    }
  }

  /** Publishes a device again whose message is not on the broker; only a message `removed` removes a device. */
  #restore(id: string): void {
    const known = this.#byId.get(id);
    if (known === undefined) return;
    this.#options.bus.publish(channels.pushSubscription, { subscription_id: id }, known).catch(() => undefined);
  }
}
