import { useCallback, useEffect, useState } from 'preact/hooks';
import type { PolicyView } from '../../shared/policy-view.ts';
import { errorText } from '../live/error-text.ts';
import { useLive, usePage } from '../parts/context.ts';
import { keepWork, keptWork } from '../parts/unsaved-work.ts';
import { draftDifferences, draftOf, type PolicyDraft } from './policy-draft.ts';

const workKey = 'policy';

export interface EditedPolicy {
  /** In force, as last read; undefined: not read yet. */
  readonly view: PolicyView | undefined;
  /** What the form shows: the policy in force, or with the person's changes. */
  readonly draft: PolicyDraft | undefined;
  readonly isChanged: boolean;
  /** Why the policy could not be read. */
  readonly trouble: string;
  /** undefined: as in force. */
  readonly change: (draft: PolicyDraft | undefined) => void;
  readonly reload: () => Promise<void>;
}

/** The policy in force, read again when another revision is, and the changes of this tab, which a reload keeps. */
export function usePolicy(): EditedPolicy {
  const { api, language } = usePage();
  const liveRevision = useLive((state) => state.view.head.orchestrator?.policyRevision);
  const [view, setView] = useState<PolicyView>();
  const [work, setWork] = useState(() => keptWork<PolicyDraft>(workKey));
  const [trouble, setTrouble] = useState('');
  const reload = useCallback(async (): Promise<void> => {
    try {
      setView(await api.policy());
      setTrouble('');
    } catch (error) {
      setTrouble(errorText(language, error));
    }
  }, [api, language]);
  const isOld = view === undefined || (liveRevision !== undefined && liveRevision > view.revision);
  useEffect(() => {
    if (isOld) {
      void reload();
    }
  }, [isOld, reload]);
  const change = useCallback((draft: PolicyDraft | undefined): void => {
    const next = draft === undefined || draftDifferences(draft).length === 0 ? undefined : draft;
    keepWork(workKey, next);
    setWork(next);
  }, []);
  const draft = work ?? (view === undefined ? undefined : draftOf(view));
  return { view, draft, isChanged: work !== undefined, trouble, change, reload };
}
