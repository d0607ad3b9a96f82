import { randomUUID } from 'node:crypto';
import { emptyHouse, type House } from '@vigilia/house';
import { channels, type HomeAssistantTopics } from '@vigilia/protocol';
import type { Arrival, ChannelBus, Clock, Logger } from '@vigilia/service';
import type { ObservedSite } from '../alerts/alert-manager.ts';
import type { Language } from '../config/alerts-schema.ts';
import { type Shown, showHouse } from './devices.ts';
import type { ShowOptions } from './discovery.ts';
import { type RoomEvent, roomEvents } from './room-events.ts';

export interface BridgeOptions {
  readonly bus: ChannelBus;
  readonly own: HomeAssistantTopics;
  readonly language: Language;
  readonly consoleUrl: string | undefined;
  readonly pictureOf: ShowOptions['pictureOf'];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A verdict while a person is on the floor counts when its button is pressed again within this time. */
const confirmWithinMs = 30_000;
/** How long a press of a button is worth something. */
const pressExpirySeconds = 30;

/** Shows the site to Home Assistant and passes its buttons on. */
export class HomeAssistantBridge {
  readonly #options: BridgeOptions;
  /** What the broker retains of this notifier, as far as it knows: topic → payload. */
  readonly #published = new Map<string, string>();
  /** Until when the broker keeps some of it, epoch ms. */
  readonly #untilMs = new Map<string, number>();
  /** Verdicts that wait for a second press: room and outcome → when they were pressed, monotonic ms. */
  readonly #unconfirmed = new Map<string, number>();
  #house: House = emptyHouse(0);
  /** Events of what was there before are old news. */
  #whole = false;

  constructor(options: BridgeOptions) {
    this.#options = options;
  }

  /** Subscribes; call it before the bus is started. */
  start(): void {
    const { bus } = this.#options;
    const ours = [
      channels.homeAssistantConfig,
      channels.homeAssistantRoom,
      channels.homeAssistantAttributes,
      channels.homeAssistantProcessor,
      channels.homeAssistantPicture,
    ] as const;
    void bus.subscribeAll(ours, ({ value, arrival }) => {
      if (value !== undefined && arrival.retain) {
        this.#remember(arrival);
      }
    });
    void bus.subscribe(channels.homeAssistantBirth, ({ value }) => {
      // Home Assistant has started and may have lost what it knew: it is shown everything again
      if (value === 'online') {
        this.#showAgain();
      }
    });
    void bus.subscribe(channels.homeAssistantAcknowledge, ({ places }) => this.#send('acknowledge', places.source_id));
    void bus.subscribe(channels.homeAssistantResolve, ({ places, value }) => {
      if (value !== undefined) {
        this.#resolve(places.source_id, value);
      }
    });
    void bus.subscribe(channels.homeAssistantDrill, ({ places }) =>
      this.#send('drill', places.source_id, { with_alerts: true }),
    );
    // A broker that came back may have lost what it retained.
    bus.bus.onConnect(() => this.#showAgain());
  }

  /**
   * Publishes what has changed, and, once the view is whole, clears devices that were removed: also those of an earlier boot,
   * because what counts is what the broker retains.
   */
  observe({ house, nowMs, whole }: ObservedSite): void {
    if (!house.connected) return;
    const { own, language, consoleUrl, pictureOf } = this.#options;
    const shown = showHouse(house, { topics: own, language, nowMs, consoleUrl, pictureOf });
    this.#publishAll(shown);
    if (this.#whole) {
      for (const event of roomEvents(this.#house, house)) {
        this.#happened(event);
      }
    }
    this.#house = house;
    this.#whole ||= whole;
    if (!whole) return;
    for (const topic of [...this.#published.keys()]) {
      if (!shown.configs.has(topic) && !shown.states.has(topic)) {
        this.#publish(topic, '');
      }
    }
  }

  #publishAll({ configs, states, untilMs }: Shown): void {
    for (const [topic, ms] of untilMs) {
      this.#untilMs.set(topic, ms);
    }
    for (const [topic, value] of [...configs, ...states]) {
      this.#publish(topic, typeof value === 'string' ? value : JSON.stringify(value));
    }
  }

  #publish(topic: string, payload: string): void {
    if ((this.#published.get(topic) ?? '') === payload) return;
    if (payload === '') {
      this.#published.delete(topic);
    } else {
      this.#published.set(topic, payload);
    }
    this.#retain(topic, payload).catch((err: unknown) => {
      this.#published.delete(topic);
      this.#options.logger.warn({ event: 'home_assistant_not_told', topic, err }, 'not published');
    });
  }

  /** @throws BusError */
  #retain(topic: string, payload: string): Promise<void> {
    const { bus, clock } = this.#options;
    const untilMs = this.#untilMs.get(topic);
    if (payload === '' || untilMs === undefined) return bus.bus.publish(topic, payload, { retain: true });
    const expirySeconds = Math.max(1, Math.ceil((untilMs - clock.now()) / 1000));
    return bus.bus.publish(topic, payload, { retain: true, expirySeconds });
  }

  /** Our own, come back from the broker or kept by it since an earlier life. */
  #remember({ topic, payload, expirySeconds }: Arrival): void {
    const { own, clock } = this.#options;
    const foreign = topic.endsWith('/config') && !own.isOurs(topic);
    if (foreign || this.#published.has(topic)) return;
    this.#published.set(topic, payload.toString('utf8'));
    if (expirySeconds !== undefined) {
      this.#untilMs.set(topic, clock.now() + expirySeconds * 1000);
    }
  }

  #showAgain(): void {
    const { bus } = this.#options;
    for (const [topic, value] of this.#published) {
      void this.#retain(topic, value);
    }
    void bus.publish(channels.homeAssistantAvailability, {}, 'online');
  }

  #happened({ sourceId, payload }: RoomEvent): void {
    void this.#options.bus.publish(channels.homeAssistantEvent, { source_id: sourceId }, payload);
  }

  /** A verdict. While a person is seen on the floor it takes a second press, which Home Assistant shows. */
  #resolve(sourceId: number, outcome: string): void {
    const { clock } = this.#options;
    const open = [...this.#house.incidents.values()].find(
      (one) => one.source_id === sourceId && one.state !== 'closed' && one.state !== 'closing',
    );
    const key = `${sourceId} ${outcome}`;
    const pressedMs = this.#unconfirmed.get(key) ?? Number.NEGATIVE_INFINITY;
    const confirmed = clock.monotonic() - pressedMs <= confirmWithinMs;
    this.#unconfirmed.delete(key);
    if (open?.person !== 'down' || confirmed) {
      this.#send('resolve', sourceId, confirmed ? { outcome, confirmed } : { outcome });
      return;
    }
    this.#unconfirmed.set(key, clock.monotonic());
    const seconds = confirmWithinMs / 1000;
    this.#happened({ sourceId, payload: { event_type: 'confirmation_required', outcome, within_s: seconds } });
  }

  /** A pressed button; retained presses are ignored at the entry. */
  #send(name: string, sourceId: number, more: Record<string, unknown> = {}): void {
    const { bus, logger } = this.#options;
    const params = { source_id: sourceId, by: 'Home Assistant', via: 'home_assistant', ...more };
    const command = { command: name, command_id: randomUUID(), params };
    logger.info({ event: 'home_assistant_pressed', command: name, source_id: sourceId }, 'pressed in Home Assistant');
    void bus.publish(channels.orchestratorCommands, {}, command, { expirySeconds: pressExpirySeconds });
  }
}
