import { isDeepStrictEqual } from 'node:util';
import {
  CommandError,
  type DesiredRoom,
  followedSettings,
  type JsonRecord,
  type OrchestratorCommand,
  type Policy,
  type PolicyEdit,
  type PolicyHistory,
  parseOrThrow,
  policyRooms,
  policySchema,
  setAt,
} from '@vigilia/protocol';
import type { Answer } from './action.ts';
import type { Draft } from './draft.ts';
import { policyRoom } from './seed-rooms.ts';

type ParamsOf<Name extends OrchestratorCommand['command']> = Extract<OrchestratorCommand, { command: Name }>['params'];
type NewPolicy = ParamsOf<'set_policy'>['policy'];
type PolicyCommand = Extract<OrchestratorCommand, { command: 'set_policy' | 'change_policy' }>;

/**
 * A new policy takes effect with this round, unless the sender has edited a revision that is no longer in force. The same command delivered
 * again changes nothing.
 */
export function setPolicy(draft: Draft, requestId: string, command: PolicyCommand): Answer {
  const { policyHistory, latestPolicy } = draft;
  const done = policyHistory.changes.find(({ request }) => request === requestId);
  if (done !== undefined) return inForce(done.revision);
  const { base_revision: base = policyHistory.revision, force = false, by, via } = command.params;
  if (base !== policyHistory.revision && !force) return changedSince(policyHistory, base);
  try {
    const policy =
      command.command === 'set_policy'
        ? completePolicy(command.params.policy, latestPolicy)
        : editPolicy(latestPolicy, command.params.changes);
    followPolicy(draft, policy);
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
export function followPolicy(draft: Draft, policy: Policy): void {
  for (const sourceId of policyRooms(policy)) {
    const wanted = policyRoom(policy, sourceId);
    if (wanted === undefined) continue;
    const change = difference(policyRoom(draft.latestPolicy, sourceId), wanted);
    if (Object.keys(change).length === 0) continue;
    const room = draft.desired.get(sourceId);
    const next = room === undefined ? wanted : { ...room, ...change };
    draft.setDesired(sourceId, { ...next, followed: supersede(draft, sourceId, next, change) });
  }
}

/** The fields of `after` that `before` has otherwise. */
function difference(before: DesiredRoom | undefined, after: DesiredRoom): Partial<DesiredRoom> {
  const fields = Object.entries(after) as [keyof DesiredRoom, unknown][];
  return Object.fromEntries(fields.filter(([name, value]) => !isDeepStrictEqual(value, before?.[name])));
}

/** What operators have done so far is followed by now, gives way, and is not followed again. */
function supersede(
  { view }: Draft,
  sourceId: number,
  { home, followed = {} }: DesiredRoom,
  change: Partial<DesiredRoom>,
): DesiredRoom['followed'] {
  const next = { ...followed };
  for (const setting of followedSettings) {
    const before = next[setting];
    if (before === undefined || setting === 'removed' || change[setting] === undefined) continue;
    const { during: _over, ...command } = before;
    next[setting] = { ...command, superseded: true };
  }
  const removal = view.processors.get(home)?.removed.get(sourceId);
  if (removal?.command_id !== undefined) {
    next.removed = { command_id: removal.command_id, instance_id: home, at: removal.at };
  }
  return Object.keys(next).length === 0 ? undefined : next;
}
