import { policyBefore } from '@vigilia/protocol/policy-differences';
import type { JSX } from 'preact';
import type { PolicyView } from '../../shared/policy-view.ts';
import { usePage } from '../parts/context.ts';
import { clockTime } from '../texts/times.ts';
import { DifferenceTable } from './difference-table.tsx';
import type { PolicyDraft } from './policy-draft.ts';
import { policyText } from './policy-texts.ts';

export interface PolicyChangeListProps {
  readonly view: PolicyView;
  /** Puts a policy into the form. */
  readonly onLoad: (policy: PolicyDraft['policy'], note: string) => void;
}

/** Who changed the policy, when and what; any change can be taken back by way of the form. */
export function PolicyChangeList({ view, onLoad }: PolicyChangeListProps): JSX.Element {
  const { language } = usePage();
  const now = Date.now();
  return (
    <section aria-labelledby="policy-history" class="panel">
      <h2 id="policy-history">{policyText(language, 'history_title')}</h2>
      {view.changes.length === 0 ? <p class="empty">{policyText(language, 'history_none')}</p> : null}
      <ol class="policy-history">
        {view.changes.map(({ revision, by, at, differences }, index) => (
          <li key={revision} data-change={revision}>
            <h3>
              {policyText(language, 'history_entry', {
                revision,
                by: by ?? policyText(language, 'no_name'),
                time: clockTime(language, at, now),
              })}
            </h3>
            {differences.length === 0 ? (
              <p class="quiet">{policyText(language, 'history_too_large')}</p>
            ) : (
              <>
                <DifferenceTable fields={view.fields} differences={differences} />
                <button
                  type="button"
                  class="plain"
                  onClick={() =>
                    onLoad(
                      policyBefore(view.policy, view.changes, revision),
                      policyText(language, 'undo_loaded', { revision }),
                    )
                  }
                >
                  {policyText(language, index === 0 ? 'undo' : 'restore')}
                  <span class="visually-hidden"> ({revision})</span>
                </button>
              </>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
