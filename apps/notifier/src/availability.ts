import { channels } from '@vigilia/protocol';
import type { ChannelBus } from '@vigilia/service';

/**
 * Publishes that the notifier runs, and at its end that it does not; after a crash its last will does. Home Assistant and the page
 * go by it.
 */
export class Availability {
  readonly #bus: ChannelBus;

  constructor(bus: ChannelBus) {
    this.#bus = bus;
  }

  /** Call it before the bus is started: a broker that came back may have lost what it retained. */
  start(): void {
    this.#bus.bus.onConnect(() => void this.#bus.publish(channels.homeAssistantAvailability, {}, 'online'));
  }

  /** Call it before the bus stops, which sends what waits within its own limit. */
  stop(): void {
    // Not awaited: a broker that hangs would never answer.
    if (this.#bus.connected) {
      void this.#bus.publish(channels.homeAssistantAvailability, {}, 'offline');
    }
  }
}
