import { isDeepStrictEqual } from 'node:util';
import {
  applyDifferences,
  CommandError,
  type DesiredRoom,
  type JsonRecord,
  type OrchestratorCommand,
  type Policy,
  type PolicyChange,
  type PolicyEdit,
  type PolicyHistory,
  parseOrThrow,
  policyRooms,
  policySchema,
  setAt,
  withoutUndefined,
} from '@vigilia/protocol';
import type { Answer } from './action.ts';
import type { Draft } from './draft.ts';
import { policyRoom } from './seed-rooms.ts';
import { supersede } from './supersede.ts';

type ParamsOf<Name extends OrchestratorCommand['command']> = Extract<OrchestratorCommand, { command: Name }>['params'];
type NewPolicy = ParamsOf<'set_policy'>['policy'];
type PolicyCommand = Extract<OrchestratorCommand, { command: 'set_policy' | 'change_policy' }>;

/**
 * A new policy takes effect with this round, unless the sender has edited a revision that is no longer in force. The same command delivered
 * again makes no second change, but completes the first: the orchestrator may have ended before the rooms were recorded.
 */
export function setPolicy(draft: Draft, requestId: string, command: PolicyCommand): Answer {
  const { policyHistory, policy: current } = draft;
  const done = policyHistory.changes.find(({ request }) => request === requestId);
  if (done !== undefined) {
    followPolicy(draft, beforeChange(current, done), current);
    return inForce(done.revision);
  }
  const { base_revision: base = policyHistory.revision, force = false, by, via } = command.params;
  if (base !== policyHistory.revision && !force) return changedSince(policyHistory, base);
  try {
    const policy =
      command.command === 'set_policy'
        ? completePolicy(command.params.policy, current)
        : editPolicy(current, command.params.changes);
    followPolicy(draft, current, policy);
    draft.changePolicy(policy, { request: requestId, by, via });
    return inForce(draft.policyHistory.revision);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const { code, message, field } = error;
    return field === undefined ? { ok: false, code, message } : { ok: false, code, message, field };
  }
}

/**
 * Returns the policy with single settings changed.
 * @throws CommandError `invalid_params` naming the setting
 */
export function editPolicy(policy: Policy, changes: readonly PolicyEdit[]): Policy {
  const edited = changes.reduce<JsonRecord>((result, { path, value }) => setAt(result, path, value), policy);
  return parseOrThrow(policySchema, withoutHistory(edited), { noun: 'setting' });
}

/** Returns the policy with what an earlier console does not know as it is in force. */
function completePolicy(policy: NewPolicy, { replay, clips }: Policy): Policy {
  return { ...withoutHistory(policy), replay: policy.replay ?? replay, clips: policy.clips ?? clips };
}

/** The history is kept by the orchestrator alone. */
function withoutHistory<T extends object>(policy: T): T {
  const { history: _, ...rest } = policy as T & { readonly history?: unknown };
  return rest as unknown as T;
}

/** The policy as it was before a change; a change whose differences are not kept may have been about every room. */
function beforeChange(policy: Policy, { differences }: PolicyChange): Policy {
  if (differences.length === 0) return { ...policy, rooms: {} };
  return applyDifferences(policy, differences, 'before') as Policy;
}

function inForce(revision: number): Answer {
  return { ok: true, message: 'The policy is in force.', result: { revision } };
}

function changedSince({ revision, changes }: PolicyHistory, base: number): Answer {
  const newer = changes.filter((change) => change.revision > base);
  const last = newer[0];
  const who = last === undefined ? '' : ` ${last.by ?? 'A sender without a name'} changed it at ${last.at}.`;
  return {
    ok: false,
    code: 'policy_changed',
    field: 'base_revision',
    message: `Revision ${base} of the policy was edited, but revision ${revision} is in force.${who} Read the policy again, or set force.`,
    result: { revision, changes: newer },
  };
}

/**
 * Writes what a policy has otherwise about its rooms into the desired state, also where an operator had set it; everything else stays as
 * people have made it.
 */
export function followPolicy(draft: Draft, before: Policy, policy: Policy): void {
  for (const sourceId of policyRooms(policy)) {
    const wanted = policyRoom(policy, sourceId);
    if (wanted === undefined) continue;
    const change = difference(policyRoom(before, sourceId), wanted);
    if (Object.keys(change).length === 0) continue;
    const room = draft.desired.get(sourceId);
    const next = room === undefined ? wanted : { ...room, ...change };
    draft.setDesired(sourceId, withoutUndefined({ ...next, followed: supersede(draft, sourceId, next, change) }));
  }
}

/** What is sent when the policy does not name these any more; otherwise a processor would keep a turned picture, or a masked one. */
const neutral: Partial<DesiredRoom> = { rotate: 0, zones: [] };

/** The fields of `after` that `before` has otherwise, and neutral values of those that only `before` has. */
function difference(before: DesiredRoom | undefined, after: DesiredRoom): Partial<DesiredRoom> {
  const fields = Object.entries(after) as [keyof DesiredRoom, unknown][];
  const changed = fields.filter(([name, value]) => !isDeepStrictEqual(value, before?.[name]));
  const gone = Object.entries(neutral).filter(
    ([name]) => Object.hasOwn(before ?? {}, name) && !Object.hasOwn(after, name),
  );
  return Object.fromEntries([...changed, ...gone]);
}
