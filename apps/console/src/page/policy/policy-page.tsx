import '../styles/policy.css';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { PolicyView as View } from '../../shared/policy-view.ts';
import { usePage } from '../parts/context.ts';
import { LeaveQuestion } from '../parts/leave-question.tsx';
import { useLeaveQuestion } from '../parts/unsaved-work.ts';
import { PolicyChangeList } from './policy-change-list.tsx';
import { PolicyConflict } from './policy-conflict.tsx';
import { changesSince, draftDifferences, type PolicyDraft } from './policy-draft.ts';
import { PolicyFiles } from './policy-files.tsx';
import { PolicyForm } from './policy-form.tsx';
import { PolicyReview } from './policy-review.tsx';
import { policyText } from './policy-texts.ts';
import { type EditedPolicy, usePolicy } from './use-policy.ts';

/** The policy as a form: read, change, review, send; its history, and files. */
export function PolicyPage(): JSX.Element {
  const { language } = usePage();
  const edited = usePolicy();
  const { view, draft, trouble } = edited;
  const leaving = useLeaveQuestion(edited.isChanged);
  return (
    <section aria-labelledby="policy-title" class="policy">
      <div class="view-head">
        <h1 id="policy-title">{policyText(language, 'title')}</h1>
        {view === undefined ? null : <Revision view={view} />}
      </div>
      <LeaveQuestion leaving={leaving} />
      <p role="status" class="trouble">
        {trouble}
      </p>
      {view === undefined || draft === undefined ? (
        <p class="empty">{policyText(language, 'loading')}</p>
      ) : (
        <Editing view={view} draft={draft} edited={edited} />
      )}
    </section>
  );
}

function Revision({ view: { revision } }: { readonly view: View }): JSX.Element {
  const { language } = usePage();
  return (
    <p class="quiet" data-revision={revision}>
      {revision === 0 ? policyText(language, 'file_only') : policyText(language, 'revision', { revision })}
    </p>
  );
}

interface EditingProps {
  readonly view: View;
  readonly draft: PolicyDraft;
  readonly edited: EditedPolicy;
}

function Editing({ view, draft, edited }: EditingProps): JSX.Element {
  const { language } = usePage();
  const [isReviewing, setReviewing] = useState(false);
  const [note, setNote] = useState('');
  const { change, isChanged, reload } = edited;
  const newer = isChanged ? changesSince(draft, view.changes) : [];
  const hasConflict = isChanged && draft.revision !== view.revision;
  const load = (policy: PolicyDraft['policy'], text: string): void => {
    setReviewing(false);
    setNote(text);
    change({ base: view.policy, revision: view.revision, policy });
  };
  const sent = async (revision: number): Promise<void> => {
    setReviewing(false);
    change(undefined);
    setNote(policyText(language, 'sent', { revision }));
    await reload();
  };
  return (
    <>
      {hasConflict ? <PolicyConflict view={view} draft={draft} newer={newer} onRebased={change} /> : null}
      <p role="status" class="good">
        {note}
      </p>
      {isReviewing && isChanged && !hasConflict ? (
        <PolicyReview view={view} draft={draft} onBack={() => setReviewing(false)} onSent={sent} onRefused={reload} />
      ) : (
        <>
          <p class="quiet">{policyText(language, 'intro')}</p>
          <PolicyFiles view={view} draft={draft} onLoad={load} />
          <PolicyForm view={view} draft={draft} onChange={(policy) => change({ ...draft, policy })} />
          <Work
            count={isChanged ? draftDifferences(draft).length : 0}
            hasConflict={hasConflict}
            onReview={() => (hasConflict ? showConflict() : setReviewing(true))}
            onDiscard={() => change(undefined)}
          />
          <PolicyChangeList view={view} onLoad={load} />
        </>
      )}
    </>
  );
}

function showConflict(): void {
  document.getElementById('policy-conflict')?.scrollIntoView({ block: 'center' });
}

interface WorkProps {
  readonly count: number;
  /** The person decides first how to go on with what another person changed. */
  readonly hasConflict: boolean;
  readonly onReview: () => void;
  readonly onDiscard: () => void;
}

/** Stays in sight while the form is long. */
function Work({ count, hasConflict, onReview, onDiscard }: WorkProps): JSX.Element {
  const { t, language } = usePage();
  return (
    <div class={count === 0 ? 'actions policy-work' : 'actions policy-work unsaved'}>
      <p role="status">
        {hasConflict ? <b class="warn">{t('error.policy_changed')} </b> : null}
        {count === 0 ? '' : policyText(language, count === 1 ? 'unsaved_one' : 'unsaved', { count })}
      </p>
      <button type="button" class="main" disabled={count === 0} onClick={onReview}>
        {policyText(language, 'review')}
      </button>
      <button type="button" class="plain" disabled={count === 0} onClick={onDiscard}>
        {policyText(language, 'discard')}
      </button>
    </div>
  );
}
