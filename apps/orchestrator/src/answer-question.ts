import type { OrchestratorStatus } from '@vigilia/protocol';
import { stepOf } from './act/describe.ts';
import type { Question } from './observe/inbox.ts';
import type { Store } from './observe/store.ts';
import type { Answer } from './plan/action.ts';
import type { PlanLoop } from './plan-loop.ts';

/** What questions are answered from. */
interface Sources {
  readonly planLoop: PlanLoop;
  readonly store: Store;
  readonly status: OrchestratorStatus;
}

/** Answers `status`, `get_policy` and `plan`, which change nothing. @throws CommandError `invalid_params` */
export function answerQuestion(question: Question, { planLoop, store, status }: Sources): Answer {
  switch (question.command) {
    case 'status':
      return { ok: true, message: `The orchestrator is ${status.status}.`, result: status };
    case 'get_policy': {
      const { revision, changes } = store.policyHistory;
      const result = { policy: planLoop.policy, revision, changes };
      return { ok: true, message: `Revision ${revision} of the policy is in force.`, result };
    }
    case 'plan': {
      const { changes } = question.params;
      const actions = changes === undefined ? planLoop.plan().actions : planLoop.preview(changes);
      const steps = actions.map(stepOf);
      const message = steps.length === 0 ? 'Nothing is to be done.' : `${steps.length} actions.`;
      return { ok: true, message, result: { actions: steps.map(({ text }) => text), steps } };
    }
  }
}
