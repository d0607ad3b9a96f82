import type { JSX } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { CommandAnswer } from '../../shared/command-result.ts';
import type { PlannedStep, PolicyView } from '../../shared/policy-view.ts';
import { errorText } from '../live/error-text.ts';
import { usePage } from '../parts/context.ts';
import { useSigning } from '../parts/name-field.tsx';
import { DifferenceTable } from './difference-table.tsx';
import { stepsOf, stepText } from './planned-steps.ts';
import { draftDifferences, draftProblems, editsOf, type PolicyDraft } from './policy-draft.ts';
import { policyText } from './policy-texts.ts';

export interface PolicyReviewProps {
  readonly view: PolicyView;
  readonly draft: PolicyDraft;
  readonly onBack: () => void;
  /** In force now, as this revision. */
  readonly onSent: (revision: number) => Promise<void>;
  /** Another revision is in force: read it. */
  readonly onRefused: () => Promise<void>;
}

/** What changes and what would follow; only from here it is sent. */
export function PolicyReview({ view, draft, onBack, onSent, onRefused }: PolicyReviewProps): JSX.Element {
  const { language, api, t } = usePage();
  const heading = useRef<HTMLHeadingElement>(null);
  const { sign, field } = useSigning({ atOnce: true });
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState('');
  const problems = draftProblems(view.fields, draft);
  useEffect(() => heading.current?.focus(), []);
  const send = async (signature: { readonly by?: string }): Promise<void> => {
    const params = { changes: editsOf(draft), base_revision: draft.revision, ...signature };
    const { answers } = await api.toOrchestrator('change_policy', params);
    const answer = answers[0];
    if (answer?.ok === true) return onSent(Number(answer.result?.revision ?? 0));
    setTrouble(failureText(language, t, answer));
    if (answer?.code === 'policy_changed') {
      await onRefused();
    }
  };
  const submit = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setTrouble('');
    await sign(send).catch((error: unknown) => setTrouble(t('action.failed', { message: errorText(language, error) })));
    setBusy(false);
  };
  return (
    <section class="panel policy-review" aria-labelledby="review-title">
      <h2 id="review-title" ref={heading} tabIndex={-1}>
        {policyText(language, 'review_title')}
      </h2>
      <DifferenceTable
        fields={view.fields}
        differences={draftDifferences(draft)}
        remark={({ path }) => {
          const found = problems.find((one) => one.path.join('.') === path.join('.'))?.problem;
          return found && policyText(language, `problem.${found.reason}`, { limit: found.limit ?? '' });
        }}
      />
      <Preview draft={draft} />
      {field}
      <div class="actions">
        <button type="button" class="main" disabled={problems.length > 0} aria-busy={busy} onClick={submit}>
          {policyText(language, 'send')}
        </button>
        <button type="button" class="plain" onClick={onBack}>
          {policyText(language, 'edit_again')}
        </button>
        <span role="status" class="trouble">
          {trouble}
        </span>
      </div>
    </section>
  );
}

type Texts = ReturnType<typeof usePage>['t'];
type Language = ReturnType<typeof usePage>['language'];

function failureText(language: Language, t: Texts, answer: CommandAnswer['answers'][number] | undefined): string {
  if (answer === undefined) return t('action.no_answer');
  if (answer.code === 'policy_changed') return t('error.policy_changed');
  return policyText(language, 'preview_failed', { message: answer.message ?? answer.code ?? '' });
}

/** What the planner would do because of the changes. */
function Preview({ draft }: { readonly draft: PolicyDraft }): JSX.Element {
  const { language, api, t } = usePage();
  const [steps, setSteps] = useState<readonly PlannedStep[]>();
  const [trouble, setTrouble] = useState('');
  const ask = useCallback((): void => {
    setSteps(undefined);
    setTrouble('');
    api.toOrchestrator('plan', { changes: editsOf(draft) }).then(
      ({ answers }) => {
        const answer = answers[0];
        if (answer?.ok === true) return setSteps(stepsOf(answer.result));
        setTrouble(failureText(language, t, answer));
      },
      (error: unknown) => setTrouble(errorText(language, error)),
    );
  }, [api, draft, language, t]);
  useEffect(ask, [ask]);
  return (
    <div class="preview" aria-live="polite">
      <h3>{policyText(language, 'preview_title')}</h3>
      {trouble === '' ? null : (
        <p class="trouble">
          {trouble}{' '}
          <button type="button" class="plain" onClick={ask}>
            {policyText(language, 'preview_again')}
          </button>
        </p>
      )}
      {steps === undefined && trouble === '' ? <p class="quiet">{policyText(language, 'preview_loading')}</p> : null}
      {steps?.length === 0 ? <p class="quiet">{policyText(language, 'preview_none')}</p> : null}
      <ol>
        {(steps ?? []).map((step, index) => (
          <li key={index} data-step={step.kind}>
            {stepText(language, step)}
          </li>
        ))}
      </ol>
    </div>
  );
}
