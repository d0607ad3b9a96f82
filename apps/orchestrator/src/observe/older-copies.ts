import type { ObservedMessage } from './dispatch.ts';
import type { Store } from './store.ts';

/** `clear`: the site has no such thing any more. */
export type CopyVerdict = 'take' | 'ignore' | 'clear';

/** A processor that runs publishes its status every few seconds; generous for clocks that differ. */
const statusFreshMs = 60_000;

/**
 * Judges a message that a broker retained while the orchestrator was at another one. What the orchestrator knows is newer than any
 * copy: what it knows is ignored there, because it publishes it again, and what it does not know has ended since. Only a
 * processor that is at that broker already may be new.
 * @param wallMs now, epoch ms
 */
export function judgeCopy(message: ObservedMessage, store: Store, wallMs: number): CopyVerdict {
  if (message.value === undefined) return 'take';
  const ifKnown = (known: boolean): CopyVerdict => (known ? 'ignore' : 'clear');
  switch (message.channel) {
    case 'incident':
      return ifKnown(store.incidents.all.has(message.places.incident_id));
    case 'replay':
      return store.replays.all.has(message.places.incident_id) ? 'take' : 'clear';
    case 'orchestratorRooms':
      return ifKnown(store.facts().desired !== undefined);
    case 'orchestratorPolicy':
      return ifKnown(store.policy !== undefined);
    case 'alarmFigures':
      return ifKnown(store.alarmFigures.figures !== undefined);
    case 'room':
      return ifKnown(store.rooms.states.has(message.value.source_id));
    case 'status':
      if (store.processors.all.has(message.places.instance_id)) return 'ignore';
      return wallMs - Date.parse(message.value.timestamp) < statusFreshMs ? 'take' : 'clear';
    case 'metrics':
      return ifKnown(store.processors.all.has(message.places.instance_id));
    case 'detections':
      return 'take';
  }
}
