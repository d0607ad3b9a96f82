import { randomUUID } from 'node:crypto';
import { channels, type HomeAssistantTopics } from '@vigilia/protocol';
import type { ChannelBus, Logger } from '@vigilia/service';
import type { HouseLook } from '../alerts/alert-desk.ts';
import type { Language } from '../config/alerts-schema.ts';
import { type Shown, showHouse } from './devices.ts';

export interface BridgeOptions {
  readonly bus: ChannelBus;
  readonly own: HomeAssistantTopics;
  readonly language: Language;
  readonly logger: Logger;
}

/** How long a press of a button is worth something. */
const pressExpirySeconds = 30;

/** Shows the house to Home Assistant and passes its buttons on. */
export class HomeAssistantBridge {
  readonly #options: BridgeOptions;
  /** What the broker retains of ours, as far as we know: topic → payload. */
  readonly #published = new Map<string, string>();

  constructor(options: BridgeOptions) {
    this.#options = options;
  }

  /** Subscribes; call it before the bus is started. */
  start(): void {
    const { bus } = this.#options;
    const ours = [channels.homeAssistantConfig, channels.homeAssistantRoom, channels.homeAssistantProcessor] as const;
    void bus.subscribeAll(ours, ({ value, arrival }) => {
      if (value !== undefined && arrival.retain) this.#remember(arrival.topic, arrival.payload.toString('utf8'));
    });
    void bus.subscribe(channels.homeAssistantBirth, ({ value }) => {
      // Home Assistant has started and may have lost what it knew: it is shown everything again
      if (value === 'online') this.#showAgain();
    });
    void bus.subscribe(channels.homeAssistantAcknowledge, ({ places }) => this.#pressed(places.source_id));
    // A broker that came back may have lost what it retained.
    bus.bus.onConnect(() => this.#showAgain());
  }

  /**
   * Publishes what has changed, and, once the view is whole, clears devices that are gone: also those of an earlier life,
   * because what counts is what the broker retains.
   */
  look({ house, nowMs, whole }: HouseLook): void {
    if (!house.connected) return;
    const { own, language } = this.#options;
    const shown = showHouse(house, { topics: own, language, nowMs });
    this.#publishAll(shown);
    if (!whole) return;
    for (const topic of [...this.#published.keys()]) {
      if (!shown.configs.has(topic) && !shown.states.has(topic)) this.#publish(topic, '');
    }
  }

  #publishAll({ configs, states }: Shown): void {
    for (const [topic, value] of [...configs, ...states]) this.#publish(topic, JSON.stringify(value));
  }

  #publish(topic: string, payload: string): void {
    if ((this.#published.get(topic) ?? '') === payload) return;
    if (payload === '') this.#published.delete(topic);
    else this.#published.set(topic, payload);
    this.#options.bus.bus.publish(topic, payload, { retain: true }).catch((err: unknown) => {
      this.#published.delete(topic);
      this.#options.logger.warn({ event: 'home_assistant_not_told', topic, err }, 'not published');
    });
  }

  /** Our own, come back from the broker or kept by it since an earlier life. */
  #remember(topic: string, payload: string): void {
    const { own } = this.#options;
    const foreign = topic.endsWith('/config') && !own.isOurs(topic);
    if (!foreign && !this.#published.has(topic)) this.#published.set(topic, payload);
  }

  #showAgain(): void {
    const { bus } = this.#options;
    for (const [topic, value] of this.#published) void bus.bus.publish(topic, value, { retain: true });
    void bus.publish(channels.homeAssistantAvailability, {}, 'online');
  }

  /** A pressed button; retained presses are ignored at the entry. */
  #pressed(sourceId: number): void {
    const { bus, logger } = this.#options;
    const params = { source_id: sourceId, by: 'Home Assistant' };
    const command = { command: 'acknowledge', command_id: randomUUID(), params };
    logger.info({ event: 'home_assistant_acknowledged', source_id: sourceId }, 'acknowledged in Home Assistant');
    void bus.publish(channels.orchestratorCommands, {}, command, { expirySeconds: pressExpirySeconds });
  }
}
