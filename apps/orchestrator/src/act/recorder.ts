import type { Topics } from '@vigilia/protocol';
import { type Bus, type Clock, type Logger, redactDeep } from '@vigilia/service';
import type { Store } from '../observe/store.ts';
import type { Answer, RecordAction } from '../plan/action.ts';
import type { Now } from '../plan/view.ts';

export interface RecorderOptions {
  readonly bus: Bus;
  readonly topics: Topics;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly store: Store;
  readonly settled: (id: string, answer: Answer | undefined) => void;
  /** Another policy is in force. */
  readonly policyChanged: () => void;
}

/**
 * Writes down what the planner wants remembered or told. Resolves when the broker has it, and only then does the store
 * take it as known: nothing is done on the strength of a record that could still be lost.
 */
export class Recorder {
  readonly #options: RecorderOptions;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /** @throws BusError when the broker does not take it */
  async record(action: RecordAction): Promise<void> {
    const { bus, topics, store, logger } = this.#options;
    switch (action.kind) {
      case 'publish_incident': {
        const { incident } = action;
        await bus.publish(topics.incident(incident.incident_id), incident, { retain: true });
        store.putIncident(incident, this.#now());
        break;
      }
      case 'clear_incident':
        await bus.publish(topics.incident(action.incidentId), null, { retain: true });
        store.incidents.remove(action.incidentId);
        break;
      case 'publish_rooms':
        await bus.publish(topics.orchestratorRooms, action.rooms, { retain: true });
        store.putDesired(action.rooms);
        break;
      case 'publish_policy':
        await bus.publish(topics.orchestratorPolicy, action.policy, { retain: true });
        store.putPolicy(action.policy);
        this.#options.policyChanged();
        break;
      case 'publish_event': {
        const { event, announces } = action;
        await bus.publish(topics.event(event.event), redactDeep(event));
        const level = event.severity === 'info' ? 'info' : 'warn';
        logger[level]({ ...event, detail: undefined }, event.event.replaceAll('_', ' '));
        if (announces !== undefined) store.processors.announced(announces.instanceId, announces.as);
        break;
      }
      case 'clear_processor':
        await bus.publish(topics.status(action.instanceId), null, { retain: true });
        await bus.publish(topics.metrics(action.instanceId), null, { retain: true });
        store.processors.forget(action.instanceId);
        break;
      case 'settle':
        store.settle(action.id);
        this.#options.settled(action.id, action.answer);
        break;
    }
  }

  #now(): Now {
    return { wallMs: this.#options.clock.now(), monoMs: this.#options.clock.monotonic() };
  }
}
