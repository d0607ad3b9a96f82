import { type Incident, type IncidentStep, verdictUndoMs } from '@vigilia/protocol';
import type { Answer } from './action.ts';
import type { Draft } from './draft.ts';
import { dropLearned } from './drop-learned.ts';
import { type Actor, about, brief, nameOf, withAct } from './incident-acts.ts';
import { activeIncidentOf } from './incident-state.ts';

/** Steps of closing, which an incident that goes on has not taken. */
const closingSteps: readonly IncidentStep[] = [
  'resolved',
  'room_returned',
  'dedicated_stopped',
  'relief_lifted',
  'closed',
];

/**
 * Takes back a verdict of the last ten minutes. An incident that the verdict closed is open again, or acknowledged if it was, and wants
 * its dedicated processor again unless the room had been released before; one that the system had closed before stays closed without a verdict.
 */
export function undoVerdict(draft: Draft, incident: Incident, actor: Actor): Answer {
  const { incident_id: id, source_id: sourceId, verdict } = incident;
  if (verdict === undefined) {
    return refused('invalid_params', `Incident ${id} has no verdict that could be taken back.`);
  }
  if (draft.ageMs(incident, verdict.at) > verdictUndoMs) {
    const minutes = verdictUndoMs / 60_000;
    return refused('undo_expired', `The verdict on incident ${id} is more than ${minutes} minutes old and stays.`);
  }
  const by = withAct(draft, incident, actor, 'undo_verdict');
  const wasOver = verdict.before === 'closing' || verdict.before === 'closed';
  if (wasOver) {
    dropLearned(draft, incident);
    const edited = draft.edit(id, { verdict: undefined, outcome: incident.drill ? 'drill' : 'unknown', by });
    return { ok: true, message: `The verdict on incident ${id} is taken back.`, result: brief(edited) };
  }
  const other = activeIncidentOf(draft, sourceId);
  if (other !== undefined) {
    return refused('invalid_params', `Room ${sourceId} has another incident by now (${other.incident_id}).`);
  }
  dropLearned(draft, incident);
  return reopen(draft, incident, actor, by);
}

function reopen(draft: Draft, incident: Incident, actor: Actor, by: Incident['by']): Answer {
  const { incident_id: id, source_id: sourceId } = incident;
  const edited = draft.edit(id, {
    state: incident.acknowledged_at === undefined ? 'open' : 'acknowledged',
    steps: without(incident.steps, closingSteps),
    durations_ms: without(incident.durations_ms, closingSteps),
    attempts: { spawn: 0 },
    verdict: undefined,
    outcome: undefined,
    closed_at: undefined,
    by,
  });
  draft.publish('incident_reopened', `${id} ${incident.verdict?.at}`, about(edited, { by: nameOf(actor) }));
  return { ok: true, message: `Incident ${id} in room ${sourceId} is ${edited.state} again.`, result: brief(edited) };
}

function refused(code: 'invalid_params' | 'undo_expired', message: string): Answer {
  return { ok: false, code, field: 'incident_id', message };
}

function without<T extends object>(record: T, keys: readonly string[]): T {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key))) as T;
}
