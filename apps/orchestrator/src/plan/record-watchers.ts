import type { Incident } from '@vigilia/protocol';
import type { Draft } from './draft.ts';
import { about } from './incident-acts.ts';
import { byAge, dedicatedOf, isActive, wantsDedicated } from './incident-state.ts';
import type { Rules } from './rules.ts';
import type { ObservedProcessor } from './view.ts';

/**
 * Records and publishes what is seen to have happened with the room of an incident: the dedicated one watches, home let
 * go, the room came back. Facts only; nothing is done here.
 */
export function recordWatchers(rules: Rules): void {
  for (const incident of byAge(rules.draft)) {
    if (incident.state === 'closed') continue;
    noteDedicatedWatching(rules, incident);
    noteWatcher(rules, rules.draft.incident(incident.incident_id) ?? incident);
  }
}

function noteDedicatedWatching({ draft, watchers, dedicated }: Rules, incident: Incident): void {
  const processor = dedicatedOf(dedicated, incident)?.processor;
  if (processor === undefined) return;
  const id = incident.incident_id;
  if (isActive(incident)) {
    draft.step(id, 'dedicated_started');
  }
  if (!watchers.sees(processor, incident.source_id)) return;
  draft.step(id, 'dedicated_watching');
  const { attempts } = incident;
  if (attempts.spawn === 0 && !incident.degraded && incident.note === undefined) return;
  if (!isActive(incident)) return;
  draft.edit(id, { degraded: false, note: undefined, attempts: { spawn: 0 } });
}

/** `watched_by` moves when exactly the new one has the room and is seen to watch it. */
function noteWatcher({ draft, watchers, dedicated }: Rules, incident: Incident): void {
  const sourceId = incident.source_id;
  const own = dedicatedOf(dedicated, incident)?.processor;
  const present = watchers.watchersOf(sourceId);
  const seeing = present.filter((one) => watchers.sees(one, sourceId));
  const wanted = wantsDedicated(draft, incident);
  if (own !== undefined && wanted) {
    const alone = present.every((one) => one.instanceId === own.instanceId);
    if (alone && seeing.includes(own)) {
      taken(draft, incident, own);
    }
    return;
  }
  const back = seeing.find((one) => one.instanceId !== own?.instanceId);
  if (back === undefined || own?.streams.has(sourceId) === true) return;
  if (!wanted) {
    draft.step(incident.incident_id, 'room_returned');
  }
  move(draft, incident, back, 'room_returned');
}

function taken(draft: Draft, incident: Incident, by: ObservedProcessor): void {
  draft.step(incident.incident_id, 'room_released');
  move(draft, incident, by, 'room_taken');
}

function move(draft: Draft, incident: Incident, to: ObservedProcessor, type: 'room_taken' | 'room_returned'): void {
  const { incident_id: id, watched_by: from } = incident;
  if (from === to.instanceId) return;
  draft.edit(id, { watched_by: to.instanceId });
  const identity = `${id} ${from} ${to.instanceId} ${to.bootId}`;
  const more = { from, to: to.instanceId };
  draft.publish('room_released', identity, about(incident, { ...more, instance_id: from }));
  draft.publish(type, identity, about(incident, { ...more, instance_id: to.instanceId }));
}
