import type { AnyMessage } from '@vigilia/protocol';
import type { Now } from '../plan/view.ts';
import type { Store } from './store.ts';

/** Channels that the store is made of. */
type ObservedChannel =
  | 'status'
  | 'detections'
  | 'metrics'
  | 'room'
  | 'incident'
  | 'replay'
  | 'orchestratorRooms'
  | 'orchestratorPolicy'
  | 'alarmFigures';

/** A valid message of these channels, with how it arrived. */
export type ObservedMessage = Extract<AnyMessage, { channel: ObservedChannel }> & {
  readonly arrival: { readonly retain: boolean };
};

/** What a message means for the planner: plan again, noted only, or without a meaning. */
export type FoldOutcome = 'plan' | 'noted' | 'ignored';

/** Folds one message into the store. */
export function dispatch(store: Store, message: ObservedMessage, now: Now): FoldOutcome {
  const { retain } = message.arrival;
  const { monoMs, wallMs } = now;
  switch (message.channel) {
    case 'status':
      if (message.value === undefined) return planIf(store.processors.cleared(message.places.instance_id));
      store.status(message.value, { retained: retain, nowMs: monoMs, wallMs });
      return 'plan';
    case 'detections':
      if (message.value === undefined) return 'ignored';
      return planIf(store.detections(message.value, monoMs));
    case 'metrics':
      if (message.value !== undefined) {
        store.metrics(message.value, retain, monoMs);
      }
      return 'noted';
    case 'room':
      if (message.value === undefined) return 'ignored';
      store.room(message.value, monoMs);
      return 'plan';
    case 'incident':
      if (message.value === undefined || !retain) return 'ignored';
      store.incidents.load(message.value, now);
      return 'plan';
    case 'replay':
      store.replays.take(message.places.incident_id, message.value, now);
      return 'plan';
    case 'orchestratorRooms':
      if (message.value === undefined || !retain) return 'ignored';
      store.loadDesired(message.value);
      return 'plan';
    case 'orchestratorPolicy':
      if (message.value === undefined || !retain) return 'ignored';
      store.loadPolicy(message.value);
      return 'plan';
    case 'alarmFigures':
      if (message.value === undefined || !retain) return 'ignored';
      store.alarmFigures.load(message.value);
      return 'noted';
  }
}

function planIf(news: boolean): FoldOutcome {
  return news ? 'plan' : 'noted';
}
