import { createHash } from 'node:crypto';
import type { Incident, OrchestratorCommand } from '@vigilia/protocol';
import type { Answer } from './action.ts';
import type { Draft } from './draft.ts';
import { acknowledge, brief, release, resolve } from './incident-acts.ts';
import { activeIncidentOf, byAge, isActive } from './incident-state.ts';
import { forgetThing, learnThing } from './learned-things.ts';
import { addRoom, moveRoom, removeRoom, setRoom } from './room-requests.ts';
import type { Rules } from './rules.ts';
import { setPolicy } from './set-policy.ts';
import { openIncident } from './take-falls.ts';
import { undoVerdict } from './undo-verdict.ts';
import type { InboxItem } from './view.ts';

type DrillParams = Extract<OrchestratorCommand, { command: 'drill' }>['params'];
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
      return withIncident(rules.draft, command.params, (found) => acknowledge(rules.draft, found, command.params));
    case 'resolve':
      return withIncident(rules.draft, command.params, (found) => resolve(rules.draft, found, command.params));
    case 'undo_verdict':
      return withIncident(rules.draft, command.params, (found) => undoVerdict(rules.draft, found, command.params), {
        closed: true,
      });
    case 'learn_thing':
      return withIncident(rules.draft, command.params, (found) => learnThing(rules.draft, found, command.params), {
        closed: true,
      });
    case 'forget_thing':
      return withIncident(rules.draft, command.params, (found) => forgetThing(rules.draft, found, command.params), {
        closed: true,
      });
    case 'release':
      return withIncident(rules.draft, command.params, (found) => release(rules.draft, found, command.params));
    case 'drill':
      return drill(rules, item.id, command.params);
    case 'add_room':
      return addRoom(rules, item.id, command.params);
    case 'set_room':
      return setRoom(rules, item.id, command.params);
    case 'move_room':
      return moveRoom(rules, item.id, command.params);
    case 'remove_room':
      return removeRoom(rules, item.id, command.params);
    case 'set_policy':
    case 'change_policy':
      return setPolicy(rules.draft, item.id, command);
    case 'get_policy':
    case 'plan':
    case 'status':
      return { ok: true, message: 'answered by the service' };
  }
}

/** Finds the incident that a command names, by its id or as the one of a room that is not over; `closed`: or was the last to end. */
function withIncident(
  draft: Draft,
  which: { incident_id?: string | undefined; source_id?: number | undefined },
  then: (incident: Incident) => Answer,
  { closed = false } = {},
): Answer {
  const inRoom = byAge(draft).filter((one) => one.source_id === which.source_id);
  const found =
    which.incident_id === undefined
      ? (inRoom.find(isActive) ?? inRoom.find((one) => one.state !== 'closed') ?? (closed ? inRoom.at(-1) : undefined))
      : draft.incident(which.incident_id);
  if (found !== undefined) return then(found);
  const field = which.incident_id === undefined ? 'source_id' : 'incident_id';
  const wanted = which.incident_id ?? `in room ${which.source_id}`;
  const message = `There is no open incident ${wanted}.${lastOf(inRoom)}`;
  return { ok: false, code: 'invalid_params', field, message };
}

/** The system may have closed an incident before a person gave the verdict, which can still be given. */
function lastOf(inRoom: readonly Incident[]): string {
  const last = inRoom.at(-1);
  if (last === undefined || last.drill || last.verdict !== undefined) return '';
  return ` The last one, ${last.incident_id}, is closed without a verdict. Name it by its id to give one.`;
}

function drill(rules: Rules, requestId: string, params: DrillParams): Answer {
  const { draft } = rules;
  const { source_id: sourceId, by = 'somebody', with_alerts: withAlerts = false } = params;
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
  const incident = known ?? openIncident(rules, { incidentId, sourceId, drill: true, withAlerts, eventIds: [], by });
  return { ok: true, message: `Drill ${incidentId} in room ${sourceId} started.`, result: brief(incident) };
}
