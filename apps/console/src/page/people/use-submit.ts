import { useState } from 'preact/hooks';
import { errorText } from '../live/error-text.ts';
import { usePage } from '../parts/context.ts';

/** Sends a form, once at a time, and holds what became of it. @param send returns what to show when it worked */
export function useSubmit(send: (form: HTMLFormElement) => Promise<string>): {
  readonly busy: boolean;
  readonly outcome: string;
  readonly onSubmit: (event: SubmitEvent) => void;
} {
  const { language } = usePage();
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState('');
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setOutcome('');
    send(event.currentTarget as HTMLFormElement)
      .catch((error: unknown) => errorText(language, error))
      .then((text) => {
        setOutcome(text);
        setBusy(false);
      });
  };
  return { busy, outcome, onSubmit };
}
