import {
  type Incident,
  type IncidentOutcome,
  maxIncidentEntries,
  type OrchestratorCommand,
  type Via,
  withoutUndefined,
} from '@vigilia/protocol';
import type { Answer } from './action.ts';
import type { Draft, EventFields } from './draft.ts';
import { dropLearned } from './drop-learned.ts';
import { isActive } from './incident-state.ts';

/** A person, and where the person acted. */
export interface Actor {
  readonly by?: string | undefined;
  readonly via?: Via | undefined;
}

type VerdictParams = Extract<OrchestratorCommand, { command: 'resolve' }>['params'];

/** A second acknowledgment of the same person within this time is the same one. */
const sameActMs = 5000;

/** Records that a person takes care of an incident. Each later acknowledgment counts too: it answers an alarm that returned. */
export function acknowledge(draft: Draft, incident: Incident, actor: Actor): Answer {
  const { incident_id: id } = incident;
  if (!isActive(incident)) {
    return { ok: true, message: `Incident ${id} is ${incident.state} already.`, result: brief(incident) };
  }
  const again = incident.acknowledged_at !== undefined;
  if (again && hasJustActed(draft, incident, actor)) {
    return { ok: true, message: `Incident ${id} is acknowledged already.`, result: brief(incident) };
  }
  draft.step(id, 'acknowledged');
  const edited = draft.edit(id, {
    state: 'acknowledged',
    acknowledged_at: incident.acknowledged_at ?? draft.nowIso,
    by: withAct(draft, incident, actor, 'acknowledge'),
  });
  if (!again) {
    const fall = incident.falls?.length ?? 0;
    draft.publish('incident_acknowledged', fall > 1 ? `${id} fall ${fall}` : id, about(edited, { by: nameOf(actor) }));
  }
  return { ok: true, message: `Incident ${id} in room ${incident.source_id} is acknowledged.`, result: brief(edited) };
}

function hasJustActed(draft: Draft, incident: Incident, actor: Actor): boolean {
  const last = incident.by.findLast(({ what }) => what === 'acknowledge');
  return last?.who === nameOf(actor) && draft.ageMs(incident, last.at) < sameActMs;
}

/** Records a person's verdict. An incident that is not over yet is set to closing: from here on everything goes back. */
export function resolve(draft: Draft, incident: Incident, params: VerdictParams): Answer {
  const { incident_id: id } = incident;
  const over = !isActive(incident);
  if (over && (params.outcome === undefined || incident.drill)) {
    return { ok: true, message: `Incident ${id} is ${incident.state} already.`, result: brief(incident) };
  }
  if (!over && isPersonDown(draft, incident) && params.confirmed !== true) {
    const message = `A person is still on the floor in room ${incident.source_id}. To close incident ${id} nevertheless, send confirmed: true.`;
    return { ok: false, code: 'confirmation_required', field: 'confirmed', message };
  }
  const outcome: IncidentOutcome = incident.drill ? 'drill' : (params.outcome ?? 'unknown');
  const verdict: Incident['verdict'] = withoutUndefined({
    outcome,
    cause: params.cause,
    note: params.note,
    by: nameOf(params),
    at: draft.nowIso,
    // a verdict that is corrected keeps what was before it
    before: incident.verdict?.before ?? incident.state,
  });
  if (!over) {
    draft.step(id, 'resolved');
  }
  if (outcome !== 'false_alarm') {
    dropLearned(draft, incident);
  }
  const edited = draft.edit(id, {
    state: over ? incident.state : 'closing',
    outcome,
    verdict,
    by: withAct(draft, incident, params, 'resolve'),
  });
  const what = over ? `now has the outcome ${outcome}` : 'is being closed';
  return { ok: true, message: `Incident ${id} in room ${incident.source_id} ${what}.`, result: brief(edited) };
}

function isPersonDown({ view }: Draft, incident: Incident): boolean {
  if (incident.drill) return false;
  const room = view.rooms.get(incident.source_id);
  return room?.down === true || (incident.person === 'down' && room?.upSinceMs === undefined);
}

/** Ends the dedicated watch of an incident that goes on. */
export function release(draft: Draft, incident: Incident, actor: Actor): Answer {
  const edited = draft.edit(incident.incident_id, {
    released: true,
    by: withAct(draft, incident, actor, 'release'),
  });
  return { ok: true, message: `Room ${incident.source_id} goes home; the incident stays.`, result: brief(edited) };
}

/** The fields of an incident's event beside its own. */
export function about(incident: Incident, more: EventFields = {}): EventFields {
  return {
    source_id: incident.source_id,
    incident_id: incident.incident_id,
    trace_id: incident.trace_id,
    drill: incident.drill ? true : undefined,
    ...more,
  };
}

/** What an answer returns of an incident. */
export function brief(incident: Incident): Record<string, unknown> {
  return { incident_id: incident.incident_id, source_id: incident.source_id, state: incident.state };
}

/** Returns the acts of people with one more, of which only the latest are kept. */
export function withAct({ nowIso }: Draft, incident: Incident, actor: Actor, what: string): Incident['by'] {
  const act: Incident['by'][number] = withoutUndefined({
    who: nameOf(actor),
    what,
    at: nowIso,
    via: actor.via,
  });
  return [...incident.by, act].slice(-maxIncidentEntries);
}

/** Returns the name that is recorded for a person. */
export function nameOf({ by }: Actor): string {
  return by ?? 'somebody';
}
