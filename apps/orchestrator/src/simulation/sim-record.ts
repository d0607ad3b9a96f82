import { createTopics } from '@vigilia/protocol';
import type { SimBroker, Timeline } from '@vigilia/simulated-site';
import type { Store } from '../observe/store.ts';
import type { RecordAction } from '../plan/action.ts';

const topics = createTopics();

/** What `act/recorder.ts` does, on a broker that takes everything at once. */
export function record(
  action: Exclude<RecordAction, { kind: 'settle' }>,
  { broker, time, store }: { broker: SimBroker; time: Timeline; store: Store },
): void {
  const retain = (topic: string, body: unknown): void => broker.publish(topic, body, { retain: true });
  switch (action.kind) {
    case 'publish_incident':
      retain(topics.incident(action.incident.incident_id), action.incident);
      store.putIncident(action.incident, time.now);
      break;
    case 'clear_incident':
      retain(topics.incident(action.incidentId), undefined);
      store.incidents.remove(action.incidentId);
      break;
    case 'clear_replay':
      retain(topics.replay(action.incidentId), undefined);
      store.replays.remove(action.incidentId);
      break;
    case 'publish_rooms':
      retain(topics.orchestratorRooms, action.rooms);
      store.putDesired(action.rooms);
      break;
    case 'publish_policy':
      retain(topics.orchestratorPolicy, { ...action.policy, history: action.history });
      store.putPolicy(action.policy, action.history);
      break;
    case 'publish_alarm_figures':
      retain(topics.alarmFigures, action.figures);
      store.putAlarmFigures(action.figures, action.counted, time.now);
      break;
    case 'publish_event':
      broker.publish(topics.event(action.event.event), action.event);
      if (action.announces !== undefined) {
        store.processors.announced(action.announces.instanceId, action.announces.as);
      }
      break;
    case 'clear_processor':
      retain(topics.status(action.instanceId), undefined);
      retain(topics.metrics(action.instanceId), undefined);
      store.processors.forget(action.instanceId);
      break;
  }
}
