import { type AlertState, channels } from '@vigilia/protocol';
import type { ChannelBus, Clock, Logger } from '@vigilia/service';
import type { AlertManager, ObservedSite } from './alerts/alert-manager.ts';
import { drillReport } from './alerts/drill-report.ts';

export interface AlertPublisherOptions {
  readonly bus: ChannelBus;
  readonly alertManager: AlertManager;
  readonly instanceId: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Publishes where the alerting of each incident and each fall without one stands, and the report of each drill with alerts once. */
export class AlertPublisher {
  readonly #options: AlertPublisherOptions;
  /** What the broker retains of this notifier, as far as it knows: incident id → state without the time of its publication. */
  readonly #published = new Map<string, string>();
  readonly #reporting = new Set<string>();

  constructor(options: AlertPublisherOptions) {
    this.#options = options;
  }

  /** Subscribes; call it before the bus is started. */
  start(): void {
    const { bus } = this.#options;
    void bus.subscribe(channels.alert, ({ places, value }) => {
      // of an earlier boot: replaced, or cleared when its incident has ended
      if (value !== undefined && !this.#published.has(places.incident_id)) {
        this.#published.set(places.incident_id, '');
      }
    });
    // a broker that came back may have lost what it retained
    bus.bus.onConnect(() => {
      for (const id of this.#published.keys()) {
        this.#published.set(id, '');
      }
    });
  }

  /** Publishes what has changed, and clears what belongs to no incident any more once the view is whole. */
  observe(view: ObservedSite): void {
    const { bus, alertManager } = this.#options;
    if (!bus.connected) return;
    const states = alertManager.alertStates(view);
    for (const [id, state] of states) {
      this.#publish(id, state);
    }
    for (const id of view.whole ? [...this.#published.keys()] : []) {
      if (!states.has(id) && !view.house.incidents.has(id)) {
        this.#clear(id);
      }
    }
    for (const id of alertManager.finishedDrills) {
      const state = states.get(id);
      if (state !== undefined && !this.#reporting.has(id)) {
        void this.#report(id, state);
      }
    }
  }

  #publish(id: string, state: AlertState): void {
    const { updated_at: _, ...rest } = state;
    const text = JSON.stringify(rest);
    if (this.#published.get(id) === text) return;
    this.#published.set(id, text);
    this.#options.bus.publish(channels.alert, { incident_id: id }, state).catch((err: unknown) => {
      this.#published.set(id, '');
      this.#options.logger.warn({ event: 'alert_state_not_published', incident_id: id, err }, 'not published');
    });
  }

  #clear(id: string): void {
    this.#published.delete(id);
    void this.#options.bus.clear(channels.alert, { incident_id: id }).catch(() => undefined);
  }

  /** Published again after a crash, under the same event id. */
  async #report(id: string, state: AlertState): Promise<void> {
    const { bus, alertManager, instanceId, clock, logger } = this.#options;
    this.#reporting.add(id);
    try {
      const event = drillReport(state, { instanceId, at: new Date(clock.now()).toISOString() });
      await bus.publish(channels.event, { type: 'drill_report' }, event);
      await alertManager.drillReported(id);
      logger.info({ event: 'drill_reported', incident_id: id, source_id: state.source_id }, 'drill reported');
    } catch (err) {
      logger.warn({ event: 'drill_not_reported', incident_id: id, err }, 'not published');
    } finally {
      this.#reporting.delete(id);
    }
  }
}
