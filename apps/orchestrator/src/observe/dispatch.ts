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
  | 'orchestratorRooms'
  | 'orchestratorPolicy';

/** A valid message of these channels, with how it arrived. */
export type Observed = Extract<AnyMessage, { channel: ObservedChannel }> & {
  readonly arrival: { readonly retain: boolean };
};

/** What a message means for the planner: worth a look, noted only, or without a meaning. */
export type Outcome = 'look' | 'noted' | 'ignored';

/** Folds one message into the store. */
export function dispatch(store: Store, message: Observed, now: Now): Outcome {
  const { retain } = message.arrival;
  const { monoMs, wallMs } = now;
  switch (message.channel) {
    case 'status':
      if (message.value === undefined) return lookIf(store.processors.cleared(message.places.instance_id));
      store.status(message.value, { retained: retain, nowMs: monoMs, wallMs });
      return 'look';
    case 'detections':
      if (message.value === undefined) return 'ignored';
      return lookIf(store.detections(message.value, monoMs));
    case 'metrics':
      if (message.value !== undefined) store.metrics(message.value, retain, monoMs);
      return 'noted';
    case 'room':
      if (message.value === undefined) return 'ignored';
      store.room(message.value, monoMs);
      return 'look';
    case 'incident':
      if (message.value === undefined || !retain) return 'ignored';
      store.incidents.load(message.value, now);
      return 'look';
    case 'orchestratorRooms':
      if (message.value === undefined || !retain) return 'ignored';
      store.loadDesired(message.value);
      return 'look';
    case 'orchestratorPolicy':
      if (message.value === undefined || !retain || store.policy !== undefined) return 'ignored';
      store.putPolicy(message.value);
      return 'look';
  }
}

function lookIf(news: boolean): Outcome {
  return news ? 'look' : 'noted';
}
