import { type ActivePushSubscription, channels } from '@vigilia/protocol';
import type { ChannelBus, Clock, Logger } from '@vigilia/service';
import type { AlertsFile, WebPushTarget } from '../config/alerts-schema.ts';
import { PhoneRegistry } from './phone-registry.ts';
import { SubscriptionFile } from './subscription-file.ts';
import { loadVapidKeys, type VapidKeys } from './vapid-keys.ts';
import type { PushDevices } from './web-push-target.ts';
import { sendWelcome } from './welcome.ts';

export interface WebPushServiceOptions {
  readonly bus: ChannelBus;
  readonly file: AlertsFile;
  readonly stateDir: string;
  /** The ward of a room; undefined where it has none or it is not known. */
  readonly wardOf: (sourceId: number) => string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Web Push of this site: its keys, its devices, and what a browser needs to subscribe. */
export class WebPushService implements PushDevices {
  readonly #options: WebPushServiceOptions;
  readonly #targets: readonly WebPushTarget[];
  readonly #subscriptions: PhoneRegistry;
  #keys: VapidKeys | undefined;

  constructor(options: WebPushServiceOptions) {
    const { bus, file, stateDir, wardOf, clock, logger } = options;
    this.#options = options;
    this.#targets = Object.values(file.targets).filter((target) => target.type === 'web_push');
    this.#subscriptions = new PhoneRegistry({
      bus,
      clock,
      logger,
      wardOf,
      file: new SubscriptionFile(stateDir, logger),
      onChanged: (subscription) => void this.#welcome(subscription),
    });
  }

  /** The keys. @throws Error before `start` */
  get keys(): VapidKeys {
    if (this.#keys === undefined) throw new Error('Web Push has not started.');
    return this.#keys;
  }

  of(sourceId: number | undefined, users: readonly string[] | undefined): readonly ActivePushSubscription[] {
    return this.#subscriptions.of(sourceId, users);
  }

  remove(id: string): Promise<void> {
    return this.#subscriptions.remove(id);
  }

  /**
   * Reads or creates the keys, reads the devices and subscribes. Call it before the bus is started. Where the state folder cannot
   * be used, only Web Push fails: the other targets must not stop for it.
   */
  async start(): Promise<void> {
    const { bus, stateDir, logger } = this.#options;
    try {
      this.#keys = await loadVapidKeys(stateDir, logger);
      await this.#subscriptions.start();
    } catch (err) {
      const remedy = 'Make the folder of --state-dir readable and writable for the notifier, then restart it.';
      logger.error(
        { event: 'push_unavailable', err, remedy },
        'Web Push cannot use its files; no phone receives alarms',
      );
      return;
    }
    const services = [...new Set(this.#targets.flatMap((target) => target.services))];
    const settings = { public_key: this.#keys.publicKey, services };
    // also after a broker that lost its memory
    bus.bus.onConnect(() => void bus.publish(channels.pushSettings, {}, settings).catch(() => undefined));
  }

  stop(): void {
    this.#subscriptions.stop();
  }

  async #welcome(subscription: ActivePushSubscription): Promise<void> {
    const { file, logger } = this.#options;
    const settings = this.#targets.find(({ users }) => users === undefined || users.includes(subscription.user ?? ''));
    const fields = { subscription_id: subscription.subscription_id, user: subscription.user };
    if (settings === undefined) {
      logger.warn(
        { event: 'push_without_target', ...fields },
        'a device subscribed, but no web_push target of the alerts file sends to its user',
      );
      return;
    }
    await sendWelcome({
      settings,
      language: settings.language ?? file.language,
      keys: this.keys,
      subscription,
      logger,
      expired: () => this.remove(subscription.subscription_id),
    });
  }
}

/** Returns the Web Push of a site whose alerts file has a target for it. */
export function createWebPushService(options: WebPushServiceOptions): WebPushService | undefined {
  const wanted = Object.values(options.file.targets).some(({ type }) => type === 'web_push');
  return wanted ? new WebPushService(options) : undefined;
}
