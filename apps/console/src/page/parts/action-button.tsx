import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { CommandAnswer } from '../../shared/command-result.ts';
import { errorText } from '../live/error-text.ts';
import { usePage } from './context.ts';

export interface ActionButtonProps {
  readonly label: string;
  /** What it acts on, where the label does not name it: screen readers read it after the label. */
  readonly of?: string;
  readonly kind?: 'main' | 'plain';
  readonly disabled?: boolean;
  readonly act: () => Promise<CommandAnswer | undefined>;
}

/** Does something over the network, once at a time, and shows when it did not work. */
export function ActionButton({ label, of, kind = 'main', disabled = false, act }: ActionButtonProps): JSX.Element {
  const { t, language } = usePage();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState('');
  const run = async (): Promise<void> => {
    // Not `disabled` while it is busy: a disabled button loses the focus.
    if (busy) return;
    setBusy(true);
    setTrouble('');
    try {
      const result = await act();
      const failed = result?.answers.find((one) => !one.ok);
      if (failed !== undefined) {
        setTrouble(t('action.failed', { message: failed.message ?? failed.code ?? '' }));
      } else if (result?.complete === false) {
        setTrouble(t('action.no_answer'));
      }
    } catch (error) {
      setTrouble(t('action.failed', { message: errorText(language, error) }));
    }
    setBusy(false);
  };
  return (
    <span class="action">
      <button type="button" class={kind} disabled={disabled} aria-disabled={busy} aria-busy={busy} onClick={run}>
        {label}
        <Named of={of} />
      </button>
      <span class="trouble" role="status">
        {trouble}
      </span>
    </span>
  );
}

/** What a button acts on, for screen readers: beside the button it is seen. */
export function Named({ of }: { readonly of: string | undefined }): JSX.Element | null {
  return of === undefined ? null : <span class="visually-hidden"> ({of})</span>;
}
