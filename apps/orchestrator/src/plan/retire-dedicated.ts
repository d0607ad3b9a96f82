import type { Incident } from '@vigilia/protocol';
import type { Draft } from './draft.ts';
import {
  byAge,
  type Dedicated,
  dedicatedOf,
  isActive,
  isStandby,
  labelOf,
  roomsOf,
  wantsDedicated,
} from './incident-state.ts';
import type { Rules } from './rules.ts';
import type { RuntimeInstance } from './view.ts';

const othersSeeForMs = 20_000;
/** One that lives and reports that it is starting has this many times the usual time: it would not be quicker the next time. */
const startingFactor = 5;
const refusals = 3;

/** Stops dedicated processors that are done, that never came to anything, or whose process has ended. */
export function retireDedicated(rules: Rules): void {
  const { draft } = rules;
  const users = new Map<string, Incident[]>();
  for (const incident of byAge(draft)) {
    if (!wantsDedicated(draft, incident)) continue;
    const own = dedicatedOf(rules.dedicated, incident);
    if (own !== undefined) {
      users.set(own.instanceId, [...(users.get(own.instanceId) ?? []), incident]);
    }
  }
  for (const one of rules.dedicated.values()) {
    const incidents = users.get(one.instanceId);
    if (incidents !== undefined || isStandby(one)) {
      takeUnwantedRooms(rules, one);
    }
    if (incidents === undefined) {
      stopWhenDone(rules, one);
    } else if (incidents.every((incident) => isUseless(rules, one, incident))) {
      stop(rules, one.instanceId, 'it shows no detections', incidents[0]?.incident_id);
    }
  }
  for (const instance of draft.view.runtime.instances.values()) {
    // one that is just being created looks like one that has ended
    if (instance.state !== 'exited' || isBeingMade(draft, instance)) continue;
    stop(rules, instance.instanceId, 'its process has ended', instance.incidentId);
  }
}

function isBeingMade({ view }: Draft, { instanceId, incidentId }: RuntimeInstance): boolean {
  return view.pending.has(`spawn:${incidentId}`) || view.pending.has(`standby:${instanceId}`);
}

/** A room that is no longer to be watched by anybody is taken from one that lives on: a warm one, or one that others share. */
function takeUnwantedRooms({ draft, watchers }: Rules, one: Dedicated): void {
  if (!watchers.commandable(one.processor)) return;
  for (const { dedicated, source_id: sourceId } of byAge(draft)) {
    if (dedicated !== one.instanceId || draft.desired.has(sourceId) || !one.processor.streams.has(sourceId)) continue;
    draft.act({
      kind: 'command',
      key: `remove:${one.instanceId}:${sourceId}`,
      instanceId: one.instanceId,
      command: { command: 'remove_stream', params: { source_id: sourceId } },
      why: 'the room is no longer to be watched',
    });
  }
}

/** In use, but for too long without a detection although the room can be seen by others (or it never connected). */
function isUseless({ draft, watchers }: Rules, one: Dedicated, incident: Incident): boolean {
  const starting = one.processor?.confirmed === true && one.processor.status === 'starting';
  const limitMs = draft.policy.timings.spawn_timeout_seconds * 1000 * (starting ? startingFactor : 1);
  const sourceId = incident.source_id;
  if (!hasRoom(one, sourceId)) return refusesRoom(draft, one, sourceId);
  const last = one.processor?.detections.get(sourceId) ?? 0;
  const started = one.runtime?.startedMs ?? one.processor?.bootSeenMs ?? draft.now.monoMs;
  const listed = one.processor?.listedSince.get(sourceId) ?? 0;
  const triedMs = draft.ageMs(incident, incident.attempts.last_at ?? incident.opened_at);
  // what it showed before this view began was not heard: it has its full time again
  const sinceMs = Math.max(last, started, listed, draft.view.wholeSinceMs, draft.now.monoMs - triedMs);
  if (!draft.reached(draft.now.monoMs - sinceMs, limitMs)) return false;
  if (one.processor === undefined) return true;
  // others must have seen the room for a while: a camera that comes back comes back to all
  return watchers.watchersOf(sourceId).some((other) => {
    if (other.instanceId === one.instanceId || !watchers.sees(other, sourceId)) return false;
    const seenForMs = draft.now.monoMs - (other.seenSince.get(sourceId) ?? draft.now.monoMs);
    return draft.reached(seenForMs, Math.min(limitMs, othersSeeForMs));
  });
}

/** It was started with the room, or has been given it. */
function hasRoom({ processor, runtime }: Dedicated, sourceId: number): boolean {
  return processor === undefined || processor.streams.has(sourceId) || runtime?.sourceIds.includes(sourceId) === true;
}

/** A room that is only being given to it shows nothing about it, unless it does not take it again and again. */
function refusesRoom({ view }: Draft, { instanceId }: Dedicated, sourceId: number): boolean {
  return (view.failures.get(`add:${instanceId}:${sourceId}`)?.count ?? 0) >= refusals;
}

/** Not in use: it is stopped once no room depends on it. */
function stopWhenDone(rules: Rules, one: Dedicated): void {
  const { draft, watchers } = rules;
  const label = labelOf(one);
  if (label === undefined) return;
  const incident = draft.incident(label);
  if (incident === undefined) return;
  const leaving = roomsOf(one).filter(
    (sourceId) => one.processor?.streams.has(sourceId) && draft.desired.has(sourceId),
  );
  // the assignment takes its rooms from it one by one, each when its next watcher is seen
  if (leaving.length > 0 && watchers.commandable(one.processor)) return;
  const depended = leaving.some((sourceId) => !watchers.seenByAnyone(sourceId, one.instanceId));
  if (depended) return;
  const why = isActive(incident) ? 'the incident has no use for it' : 'its incident is over';
  stop(rules, one.instanceId, why, label);
}

export function stop(
  { draft }: Pick<Rules, 'draft'>,
  instanceId: string,
  why: string,
  incidentId: string | undefined,
): void {
  const traceId = incidentId === undefined ? undefined : draft.incident(incidentId)?.trace_id;
  draft.act({
    kind: 'stop',
    key: `stop:${instanceId}`,
    instanceId,
    why,
    incidentId,
    traceId,
  });
}
