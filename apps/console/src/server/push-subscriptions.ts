import { isDeepStrictEqual } from 'node:util';
import {
  type ActivePushSubscription,
  channels,
  isOfPushService,
  type PushSettings,
  pushSubscriptionIdOf,
  withoutUndefined,
} from '@vigilia/protocol';
import type { ChannelBus, Clock, Logger, Timer } from '@vigilia/service';
import type { Users } from './auth/users.ts';
import { RequestError } from './request-error.ts';

export interface PushSubscriptionsOptions {
  readonly bus: ChannelBus;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Undefined where no sign-in is needed. */
  readonly users: Users | undefined;
}

/** What a browser sends of a subscription of its own. */
export interface Registration {
  readonly user: string | undefined;
  readonly rooms: readonly number[] | undefined;
  /** Those that the account is limited to. */
  readonly wards: readonly string[] | undefined;
  readonly endpoint: string;
  readonly keys: ActivePushSubscription['keys'];
}

const maxDevicesPerUser = 10;
/** Accounts are compared this often, because a message about a change may have failed. */
const accountsMs = 30_000;

/** Registers and removes the devices that receive alarms. They are kept by the broker and the notifier, not here. */
export class PushSubscriptions {
  readonly #options: PushSubscriptionsOptions;
  readonly #byId = new Map<string, ActivePushSubscription>();
  #settings: PushSettings | undefined;
  #timer: Timer | undefined;

  constructor(options: PushSubscriptionsOptions) {
    this.#options = options;
  }

  /** Subscribes; call it before the bus is started. A broker that refuses keeps nothing else from working. */
  start(): void {
    const { bus } = this.#options;
    const settings = bus.subscribe(channels.pushSettings, ({ value }) => {
      this.#settings = value;
    });
    const devices = bus.subscribe(channels.pushSubscription, ({ places, value }) => {
      if (value?.state === 'active') {
        this.#byId.set(value.subscription_id, value);
      } else {
        this.#byId.delete(places.subscription_id);
      }
    });
    for (const granted of [settings, devices]) {
      granted.catch(() => undefined);
    }
    // at once where an account changes; a broker that was unreachable then is asked again
    this.#options.users?.onChange(() => void this.#followAccounts().catch(() => undefined));
    this.#schedule();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** Public VAPID key; undefined where the notifier does not send by Web Push. */
  get publicKey(): string | undefined {
    return this.#settings?.public_key;
  }

  /** Returns the devices of this account. */
  of(user: string | undefined): readonly ActivePushSubscription[] {
    return [...this.#byId.values()].filter((one) => one.user === user);
  }

  /**
   * Registers a device, or changes its owner and rooms.
   *
   * @throws RequestError `push_off` (409), `unknown_push_service` (400), `too_many_devices` (409); BusError
   */
  async register({ user, rooms, wards, endpoint, keys }: Registration): Promise<string> {
    const { bus, clock, logger } = this.#options;
    if (this.#settings === undefined) throw pushOff();
    if (!isOfPushService(endpoint, this.#settings.services)) throw unknownService();
    const id = pushSubscriptionIdOf(endpoint);
    const before = this.#byId.get(id);
    const device: ActivePushSubscription = {
      subscription_id: id,
      state: 'active',
      endpoint,
      keys,
      created_at: before?.created_at ?? new Date(clock.now()).toISOString(),
    };
    if (user !== undefined) {
      device.user = user;
    }
    if (rooms !== undefined) {
      device.rooms = [...rooms];
    }
    if (wards !== undefined) {
      device.wards = [...wards];
    }
    if (isDeepStrictEqual(before, device)) return id;
    if (this.of(user).filter((one) => one.subscription_id !== id).length >= maxDevicesPerUser) throw tooMany();
    await bus.publish(channels.pushSubscription, { subscription_id: id }, device);
    this.#byId.set(id, device);
    logger.info({ event: 'push_device_registered', subscription_id: id, user, rooms }, 'device registered');
    return id;
  }

  /** Removes a device. Its address is the proof that the request comes from it. @throws BusError */
  async remove(endpoint: string): Promise<void> {
    const id = pushSubscriptionIdOf(endpoint);
    if (this.#byId.has(id)) {
      await this.#remove(id);
    }
  }

  #schedule(): void {
    this.#timer = this.#options.clock.setTimeout(() => {
      // a users file that cannot be read for the moment removes nothing
      void this.#followAccounts().catch(() => undefined);
      this.#schedule();
    }, accountsMs);
  }

  /** Removes the devices of accounts that no longer exist or are blocked, and of the time without sign-in; the others get the wards of their account. */
  async #followAccounts(): Promise<void> {
    const { users } = this.#options;
    if (users === undefined) return;
    await users.load();
    for (const device of this.#byId.values()) {
      const account = device.user === undefined ? undefined : users.find(device.user);
      if (account === undefined || account.blocked === true) {
        await this.#remove(device.subscription_id);
      } else if (!isDeepStrictEqual(account.wards, device.wards)) {
        await this.#limit(device, account.wards);
      }
    }
  }

  async #limit({ wards: _, ...device }: ActivePushSubscription, wards: readonly string[] | undefined): Promise<void> {
    const { bus, logger } = this.#options;
    const { subscription_id: id, user } = device;
    const limited: ActivePushSubscription = withoutUndefined({
      ...device,
      wards: wards === undefined ? undefined : [...wards],
    });
    await bus.publish(channels.pushSubscription, { subscription_id: id }, limited);
    this.#byId.set(id, limited);
    logger.info({ event: 'push_device_limited', subscription_id: id, user, wards }, 'device follows its account');
  }

  async #remove(id: string): Promise<void> {
    const { bus, logger } = this.#options;
    const user = this.#byId.get(id)?.user;
    await bus.publish(channels.pushSubscription, { subscription_id: id }, { subscription_id: id, state: 'removed' });
    this.#byId.delete(id);
    logger.info({ event: 'push_device_removed', subscription_id: id, user }, 'device removed');
  }
}

function pushOff(): RequestError {
  const message = 'The notifier does not send to devices. Add a target of the type web_push to its alerts file.';
  return new RequestError(409, 'push_off', message);
}

function unknownService(): RequestError {
  const message =
    'The browser uses a push service that is not allowed. Add its host to services of the web_push target in the alerts file.';
  return new RequestError(400, 'unknown_push_service', message);
}

function tooMany(): RequestError {
  const message = `An account has at most ${maxDevicesPerUser} devices. Turn the alarms off on one that is no longer used.`;
  return new RequestError(409, 'too_many_devices', message);
}
