import type { Policy, PolicyEdit } from '@vigilia/protocol';
import { describeAction } from './act/describe.ts';
import { type Action, isAct } from './plan/action.ts';
import { Draft } from './plan/draft.ts';
import { plan } from './plan/plan.ts';
import { editPolicy, followPolicy } from './plan/set-policy.ts';
import type { Now, View } from './plan/view.ts';

/**
 * Returns what the orchestrator would do because of changes of the policy, in the first round after they are in force: commands, starts and
 * stops of processors, and replays that it would delete. What it does anyway is left out. Pure.
 * @throws CommandError `invalid_params` naming the setting
 */
export function previewPolicy(o: {
  readonly view: View;
  readonly current: Policy;
  readonly changes: readonly PolicyEdit[];
  readonly now: Now;
}): readonly Action[] {
  const { current, now } = o;
  // what waits in the inbox is decided by the policy in force
  const view: View = { ...o.view, inbox: [] };
  const next = editPolicy(current, o.changes);
  const draft = new Draft({ view, policy: current, now });
  followPolicy(draft, current, next);
  const desired = view.desired === undefined ? undefined : draft.desired;
  const anyway = new Set(plan(view, current, now).actions.map(describeAction));
  return plan({ ...view, desired }, next, now).actions.filter(
    (action) => (isAct(action) || action.kind === 'clear_replay') && !anyway.has(describeAction(action)),
  );
}
