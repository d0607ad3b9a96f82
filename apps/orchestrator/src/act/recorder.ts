import { channels } from '@vigilia/protocol';
import type { ChannelBus, Clock, Logger } from '@vigilia/service';
import type { Store } from '../observe/store.ts';
import type { Answer, RecordAction } from '../plan/action.ts';
import type { Now } from '../plan/view.ts';
import { unlessPermanent } from './unless-permanent.ts';

export interface RecorderOptions {
  readonly bus: ChannelBus;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly store: Store;
  readonly settled: (id: string, answer: Answer | undefined) => void;
  /** Another policy is in force. */
  readonly policyChanged: () => void;
}

/**
 * Writes down what the planner wants stored or published. Resolves when the broker has it, and only then does the store
 * take it as known: nothing is done on the strength of a record that could still be lost.
 */
export class Recorder {
  readonly #options: RecorderOptions;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /** @throws BusError when it could not be handed to the broker now */
  async record(action: RecordAction): Promise<void> {
    const { bus, store, logger } = this.#options;
    switch (action.kind) {
      case 'publish_incident': {
        const { incident } = action;
        await unlessPermanent(bus.publish(channels.incident, { incident_id: incident.incident_id }, incident));
        store.putIncident(incident, this.#now());
        break;
      }
      case 'clear_incident':
        await unlessPermanent(bus.clear(channels.incident, { incident_id: action.incidentId }));
        store.incidents.remove(action.incidentId);
        break;
      case 'clear_replay':
        await unlessPermanent(bus.clear(channels.replay, { incident_id: action.incidentId }));
        store.replays.remove(action.incidentId);
        break;
      case 'publish_rooms':
        await unlessPermanent(bus.publish(channels.orchestratorRooms, {}, action.rooms));
        store.putDesired(action.rooms);
        break;
      case 'publish_policy': {
        const { policy, history } = action;
        await unlessPermanent(bus.publish(channels.orchestratorPolicy, {}, { ...policy, history }));
        store.putPolicy(policy, history);
        this.#options.policyChanged();
        break;
      }
      case 'publish_alarm_figures':
        await unlessPermanent(bus.publish(channels.alarmFigures, {}, action.figures));
        store.putAlarmFigures(action.figures, action.counted, this.#now());
        break;
      case 'publish_event': {
        const { event, announces } = action;
        await unlessPermanent(bus.publish(channels.event, { type: event.event }, event));
        const level = event.severity === 'info' ? 'info' : 'warn';
        logger[level]({ ...event, detail: undefined }, event.event.replaceAll('_', ' '));
        if (announces !== undefined) {
          store.processors.announced(announces.instanceId, announces.as);
        }
        break;
      }
      case 'clear_processor':
        await unlessPermanent(bus.clear(channels.status, { instance_id: action.instanceId }));
        await unlessPermanent(bus.clear(channels.metrics, { instance_id: action.instanceId }));
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
