import { randomUUID } from 'node:crypto';
import type { HomeAssistantTopics, Topics } from '@vigilia/protocol';
import type { Bus, BusMessage, Logger } from '@vigilia/service';
import type { HouseLook } from '../alerts/alert-desk.ts';
import type { Language } from '../config/alerts-schema.ts';
import { type Shown, showHouse } from './devices.ts';

export interface BridgeOptions {
  readonly bus: Bus;
  readonly topics: Topics;
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
    const { bus, own } = this.#options;
    const remember = (message: BusMessage): void => this.#remember(message);
    for (const filter of [own.configAny, ...own.statesAny]) void bus.subscribe(filter, remember, { qos: 1 });
    void bus.subscribe(own.birth, (message) => this.#birth(message), { qos: 1 });
    void bus.subscribe(own.acknowledgeAny, (message) => this.#pressed(message), { qos: 1 });
    // A broker that came back may have lost what it retained.
    bus.onConnect(() => this.#showAgain());
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

  /** Publishes that nothing is current any more; call it before the bus stops, which sends what waits within its own limit. */
  stop(): void {
    const { bus, own } = this.#options;
    // Not awaited: a broker that hangs would never answer.
    if (bus.connected) void bus.publish(own.availability, 'offline', { retain: true });
  }

  #publishAll({ configs, states }: Shown): void {
    for (const [topic, value] of [...configs, ...states]) this.#publish(topic, JSON.stringify(value));
  }

  #publish(topic: string, payload: string): void {
    if ((this.#published.get(topic) ?? '') === payload) return;
    if (payload === '') this.#published.delete(topic);
    else this.#published.set(topic, payload);
    this.#options.bus.publish(topic, payload, { retain: true }).catch((err: unknown) => {
      this.#published.delete(topic);
      this.#options.logger.warn({ event: 'home_assistant_not_told', topic, err }, 'not published');
    });
  }

  /** Our own, come back from the broker or kept by it since an earlier life. */
  #remember({ topic, payload, retain }: BusMessage): void {
    const { own } = this.#options;
    const config = topic.endsWith('/config');
    if (!retain || payload.length === 0 || (config && !own.isOurs(topic)) || this.#published.has(topic)) return;
    this.#published.set(topic, payload.toString('utf8'));
  }

  /** Home Assistant has started and may have lost what it knew: it is shown everything again. */
  #birth({ payload, retain }: BusMessage): void {
    if (retain || payload.toString('utf8') !== 'online') return;
    this.#showAgain();
  }

  #showAgain(): void {
    const { bus, own } = this.#options;
    for (const [topic, value] of this.#published) void bus.publish(topic, value, { retain: true });
    void bus.publish(own.availability, 'online', { retain: true });
  }

  /** A button stays pressed for nobody: a retained press is not one. */
  #pressed({ topic, payload, retain }: BusMessage): void {
    const { bus, topics, own, logger } = this.#options;
    const sourceId = own.pressedRoom(topic);
    if (retain || sourceId === undefined || payload.toString('utf8') !== 'PRESS') return;
    const params = { source_id: sourceId, by: 'Home Assistant' };
    const command = { command: 'acknowledge', command_id: randomUUID(), params };
    logger.info({ event: 'home_assistant_acknowledged', source_id: sourceId }, 'acknowledged in Home Assistant');
    void bus.publish(topics.orchestratorCommands, command, { expirySeconds: pressExpirySeconds });
  }
}
