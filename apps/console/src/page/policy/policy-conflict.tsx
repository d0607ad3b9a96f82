import type { PolicyChange } from '@vigilia/protocol';
import type { JSX } from 'preact';
import type { PolicyView } from '../../shared/policy-view.ts';
import { usePage } from '../parts/context.ts';
import { clockTime } from '../texts/times.ts';
import { DifferenceTable } from './difference-table.tsx';
import { type PolicyDraft, rebase, touchesSame } from './policy-draft.ts';
import { policyText } from './policy-texts.ts';

export interface PolicyConflictProps {
  readonly view: PolicyView;
  readonly draft: PolicyDraft;
  /** What others changed meanwhile, the newest first. */
  readonly newer: readonly PolicyChange[];
  /** undefined: the own changes are discarded. */
  readonly onRebased: (draft: PolicyDraft | undefined) => void;
}

/** Warns the later one of two people who edit the policy: who changed what, and how to go on without undoing it. */
export function PolicyConflict({ view, draft, newer, onRebased }: PolicyConflictProps): JSX.Element {
  const { language } = usePage();
  const last = newer[0];
  const remark = (difference: { readonly path: readonly string[] }): string | undefined =>
    touchesSame(draft, difference) ? policyText(language, 'conflict_both') : undefined;
  return (
    <div class="panel conflict" id="policy-conflict" role="alert">
      <p class="warn">
        {policyText(language, 'conflict', {
          by: last?.by ?? policyText(language, 'no_name'),
          time: last === undefined ? '' : clockTime(language, last.at, Date.now()),
          old: draft.revision,
          new: view.revision,
        })}
      </p>
      <DifferenceTable
        fields={view.fields}
        differences={newer.flatMap(({ differences }) => differences)}
        remark={remark}
      />
      <div class="actions">
        <button type="button" class="main" onClick={() => onRebased(rebase(draft, view))}>
          {policyText(language, 'conflict_keep')}
        </button>
        <button type="button" class="plain" onClick={() => onRebased(undefined)}>
          {policyText(language, 'discard')}
        </button>
      </div>
    </div>
  );
}
