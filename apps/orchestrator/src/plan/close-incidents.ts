import { about } from './incident-acts.ts';
import { byAge, isStandby, labelOf } from './incident-state.ts';
import type { Rules } from './rules.ts';

/** Closes what is over in every respect, and forgets what was closed long ago. */
export function closeIncidents(rules: Rules): void {
  const { draft } = rules;
  const running = new Set<string>();
  for (const one of rules.dedicated.values()) {
    const label = labelOf(one);
    if (label !== undefined) {
      running.add(label);
    }
    running.add(one.instanceId);
  }
  for (const instance of draft.view.runtime.instances.values()) {
    running.add(instance.instanceId);
  }
  for (const incident of byAge(draft)) {
    if (incident.state === 'closing') {
      closeWhenDone(rules, incident.incident_id, running);
    } else if (incident.state === 'closed') {
      forget(rules, incident.incident_id);
    } else if (incident.released === true) {
      noteStopped(rules, incident.incident_id, running);
    }
  }
}

/** Its dedicated processor has ended, or has no part in it any more. */
function noteStopped(rules: Rules, id: string, running: ReadonlySet<string>): boolean {
  const { draft } = rules;
  const incident = draft.incident(id);
  if (incident === undefined) return false;
  const { dedicated } = incident;
  const usedByOther = byAge(draft).some(
    (other) => other.incident_id !== id && other.dedicated === dedicated && other.state !== 'closed',
  );
  const gone = dedicated === undefined || !running.has(dedicated) || usedByOther || isWarmAgain(rules, dedicated);
  if (gone && incident.steps.dedicated_started !== undefined) {
    draft.step(id, 'dedicated_stopped');
  }
  return gone && (usedByOther || !running.has(id));
}

/** A standby is not stopped: without a room it waits for the next fall. */
function isWarmAgain({ dedicated }: Rules, instanceId: string): boolean {
  const one = dedicated.get(instanceId);
  return one !== undefined && isStandby(one) && one.processor?.streams.size === 0;
}

function closeWhenDone(rules: Rules, id: string, running: ReadonlySet<string>): void {
  const { draft } = rules;
  if (!draft.view.runtime.listed || draft.view.pending.has(`spawn:${id}`)) return;
  if (!noteStopped(rules, id, running)) return;
  const before = draft.incident(id);
  if (before === undefined) return;
  const returned = before.steps.room_returned !== undefined || !roomCanReturn(rules, before.source_id);
  const lifted = before.steps.relief_applied === undefined || before.steps.relief_lifted !== undefined;
  if (!returned || !lifted) return;
  draft.step(id, 'closed');
  const incident = draft.edit(id, { state: 'closed', closed_at: draft.nowIso, degraded: false, note: before.note });
  const { durations_ms, outcome, steps } = incident;
  draft.publish('incident_closed', id, about(incident, { outcome, durations_ms, steps }));
}

/** Whether it makes sense to wait for the room to be seen at home: a processor has it, or it is wanted and can be given. */
function roomCanReturn({ draft, watchers }: Rules, sourceId: number): boolean {
  if (!draft.desired.has(sourceId)) return false;
  const homes = watchers.watchersOf(sourceId).filter((one) => one.role === 'home');
  // a home that has the room and does not see it has a camera that is offline: the incident need not wait for the camera
  const blind = homes.length > 0 && homes.every((one) => one.streams.get(sourceId)?.state === 'blind');
  return !blind;
}

function forget({ draft }: Rules, id: string): void {
  const incident = draft.incident(id);
  if (incident?.closed_at === undefined) return;
  const ageMs = draft.ageMs(incident, incident.closed_at);
  if (draft.reached(ageMs, draft.policy.timings.keep_closed_seconds * 1000)) {
    draft.clearIncident(id);
  }
}
