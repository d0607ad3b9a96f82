import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  type Command,
  type DesiredRoom,
  type Incident,
  maxIncidentEntries,
  type Policy,
  policyRooms,
} from '@vigilia/protocol';
import type { Answer } from './action.ts';
import type { Draft, EventFields } from './draft.ts';
import { openIncident } from './falls.ts';
import { activeIncidentOf, byAge, isActive } from './incident-state.ts';
import type { Rules } from './rules.ts';
import { policyRoom } from './seed-rooms.ts';
import type { InboxItem } from './view.ts';

type RequestItem = Extract<InboxItem, { kind: 'request' }>;

/** People's commands to the orchestrator: each becomes an edit and an answer. */
export function takeRequests(rules: Rules): void {
  for (const item of rules.draft.view.inbox) {
    if (item.kind !== 'request') continue;
    rules.draft.record({ kind: 'settle', id: item.id, answer: answer(rules, item) });
  }
}

function answer(rules: Rules, item: RequestItem): Answer {
  const { command } = item;
  switch (command.command) {
    case 'acknowledge':
      return withIncident(rules.draft, command.params, (found) => acknowledge(rules.draft, found, command.params.by));
    case 'resolve':
      return withIncident(rules.draft, command.params, (found) => {
        const outcome = command.params.outcome ?? (found.drill ? 'drill' : 'helped');
        return resolve(rules.draft, found, outcome, command.params.by ?? 'somebody');
      });
    case 'release':
      return withIncident(rules.draft, command.params, (found) => release(rules.draft, found, command.params.by));
    case 'drill':
      return drill(rules, item.id, command.params.source_id, command.params.by ?? 'somebody');
    case 'set_policy':
      return setPolicy(rules, command.params.policy);
    case 'plan':
    case 'status':
      return { ok: true, message: 'answered by the service' };
  }
}

function withIncident(
  draft: Draft,
  which: { incident_id?: string | undefined; source_id?: number | undefined },
  then: (incident: Incident) => Answer,
): Answer {
  const open = byAge(draft).filter((incident) => incident.state !== 'closed');
  const found =
    which.incident_id === undefined
      ? (open.find((one) => one.source_id === which.source_id && isActive(one)) ??
        open.find((one) => one.source_id === which.source_id))
      : draft.incident(which.incident_id);
  if (found !== undefined) return then(found);
  const field = which.incident_id === undefined ? 'source_id' : 'incident_id';
  const wanted = which.incident_id ?? `in room ${which.source_id}`;
  return { ok: false, code: 'invalid_params', field, message: `There is no open incident ${wanted}.` };
}

function acknowledge(draft: Draft, incident: Incident, by = 'somebody'): Answer {
  if (!isActive(incident) || incident.acknowledged_at !== undefined) {
    return {
      ok: true,
      message: `Incident ${incident.incident_id} is ${incident.state} already.`,
      result: brief(incident),
    };
  }
  const { incident_id: id } = incident;
  draft.step(id, 'acknowledged');
  const edited = draft.edit(id, {
    state: 'acknowledged',
    acknowledged_at: draft.nowIso,
    by: withAct(incident, { who: by, what: 'acknowledge', at: draft.nowIso }),
  });
  draft.publish('incident_acknowledged', id, about(edited, { by }));
  return { ok: true, message: `Incident ${id} in room ${incident.source_id} is acknowledged.`, result: brief(edited) };
}

/** Sets an incident to closing: from here on everything goes back. */
export function resolve(draft: Draft, incident: Incident, outcome: Incident['outcome'], by: string): Answer {
  const { incident_id: id } = incident;
  if (!isActive(incident)) {
    return { ok: true, message: `Incident ${id} is ${incident.state} already.`, result: brief(incident) };
  }
  draft.step(id, 'resolved');
  const edited = draft.edit(id, {
    state: 'closing',
    ...(outcome === undefined ? {} : { outcome }),
    by: withAct(incident, { who: by, what: 'resolve', at: draft.nowIso }),
  });
  return { ok: true, message: `Incident ${id} in room ${incident.source_id} is being closed.`, result: brief(edited) };
}

function release(draft: Draft, incident: Incident, by = 'somebody'): Answer {
  const edited = draft.edit(incident.incident_id, {
    released: true,
    by: withAct(incident, { who: by, what: 'release', at: draft.nowIso }),
  });
  return { ok: true, message: `Room ${incident.source_id} goes home; the incident stays.`, result: brief(edited) };
}

function drill(rules: Rules, requestId: string, sourceId: number, by: string): Answer {
  const { draft } = rules;
  if (!draft.desired.has(sourceId)) {
    return {
      ok: false,
      code: 'unknown_stream',
      field: 'source_id',
      message: `No processor is meant to watch room ${sourceId}.`,
    };
  }
  const active = activeIncidentOf(draft, sourceId);
  if (active !== undefined) {
    const message = `Room ${sourceId} has an incident already (${active.incident_id}).`;
    return { ok: false, code: 'invalid_params', field: 'source_id', message };
  }
  const incidentId = `inc-${createHash('sha256').update(`drill ${requestId}`).digest('hex').slice(0, 16)}`;
  const known = draft.incident(incidentId);
  const incident = known ?? openIncident(rules, { incidentId, sourceId, drill: true, eventIds: [], by });
  return { ok: true, message: `Drill ${incidentId} in room ${sourceId} started.`, result: brief(incident) };
}

/**
 * A new policy takes effect with the next look. What it says otherwise than the old one about its rooms is written into the
 * desired state, and a home is told so once; everything else stays as people have made it.
 */
function setPolicy(rules: Rules, policy: Policy): Answer {
  const { draft } = rules;
  draft.record({ kind: 'publish_policy', policy });
  for (const sourceId of policyRooms(policy)) {
    const wanted = policyRoom(policy, sourceId);
    if (wanted === undefined) continue;
    const change = difference(policyRoom(draft.policy, sourceId), wanted);
    if (Object.keys(change).length === 0) continue;
    const room = draft.desired.get(sourceId);
    draft.setDesired(sourceId, room === undefined ? wanted : { ...room, ...change });
    tellHome(rules, sourceId, change);
  }
  return { ok: true, message: 'The policy is in force.' };
}

/** The fields of `after` that `before` has otherwise. */
function difference(before: DesiredRoom | undefined, after: DesiredRoom): Partial<DesiredRoom> {
  const fields = Object.entries(after) as [keyof DesiredRoom, unknown][];
  return Object.fromEntries(fields.filter(([name, value]) => !isDeepStrictEqual(value, before?.[name])));
}

/** Where the home of a room watches it with another rate, model or zones than it should from now on. */
function tellHome({ draft, watching }: Rules, sourceId: number, change: Partial<DesiredRoom>): void {
  const { max_fps, model_id, zones } = change;
  const home = watching.processor(draft.desired.get(sourceId)?.home ?? '');
  const stream = home?.streams.get(sourceId);
  if (home === undefined || stream === undefined || !watching.commandable(home)) return;
  const tell = (what: string, command: Command): void =>
    draft.act({
      kind: 'command',
      key: `${what}:${home.instanceId}:${sourceId}`,
      instanceId: home.instanceId,
      command,
      why: `the new policy wants this ${what}`,
    });
  if (zones !== undefined) tell('zones', { command: 'set_zones', params: { source_id: sourceId, zones } });
  if (byAge(draft).some((one) => one.overrides.some((entry) => entry.source_id === sourceId))) return;
  if (max_fps !== undefined && max_fps !== stream.maxFps) {
    tell('fps', { command: 'set_fps', params: { max_fps, source_id: sourceId } });
  }
  if (model_id !== undefined && model_id !== stream.modelId) {
    tell('model', { command: 'change_model', params: { model_id, source_id: sourceId } });
  }
}

/** What an event about an incident says beside its own fields. */
export function about(incident: Incident, more: EventFields = {}): EventFields {
  return {
    source_id: incident.source_id,
    incident_id: incident.incident_id,
    trace_id: incident.trace_id,
    ...(incident.drill ? { drill: true } : {}),
    ...more,
  };
}

function brief(incident: Incident): Record<string, unknown> {
  return { incident_id: incident.incident_id, source_id: incident.source_id, state: incident.state };
}

/** The acts of people, of which only the latest are kept. */
function withAct(incident: Incident, act: Incident['by'][number]): Incident['by'] {
  return [...incident.by, act].slice(-maxIncidentEntries);
}
