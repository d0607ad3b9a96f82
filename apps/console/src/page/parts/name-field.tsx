import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { usePage } from './context.ts';

export interface NameFieldProps {
  /** Of the field in the form. */
  readonly name: string;
  readonly label: string;
  readonly help?: string;
  /** How often an action has waited for the name: each time the field gets the focus. */
  readonly asked?: number;
}

/** Where no sign-in is needed, people enter their name; this device remembers it. */
export function NameField({ name, label, help, asked = 0 }: NameFieldProps): JSX.Element {
  const { settings, change } = usePage();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (asked > 0) {
      input.current?.focus();
    }
  }, [asked]);
  return (
    <label class="field">
      <span>{label}</span>
      <input
        ref={input}
        name={name}
        autoComplete="name"
        maxLength={64}
        value={settings.name}
        onInput={(event) => change({ name: event.currentTarget.value })}
      />
      {help === undefined ? null : <small class="quiet">{help}</small>}
    </label>
  );
}

interface Signature {
  /** Only where no account gives it. */
  readonly by?: string;
}

export interface Signing {
  /** To be shown beside the buttons. */
  readonly field: JSX.Element | null;
  /** Acts with the name; as long as there is none it asks for it instead. */
  readonly sign: <T>(act: (signature: Signature) => Promise<T>) => Promise<T | undefined>;
}

/** @param atOnce ask before anything is pressed, where no name was entered yet */
export function useSigning({ atOnce }: { readonly atOnce: boolean }): Signing {
  const { t, session, settings } = usePage();
  const by = settings.name.trim();
  const signature = session.name !== undefined ? {} : by === '' ? undefined : { by };
  // not decided by what is in the field: it must not disappear while a person types
  const [open, setOpen] = useState(atOnce && signature === undefined);
  const [asked, setAsked] = useState(0);
  const sign: Signing['sign'] = async (act) => {
    if (signature === undefined) {
      setOpen(true);
      setAsked(asked + 1);
      return undefined;
    }
    const result = await act(signature);
    setOpen(false);
    return result;
  };
  const label = t(asked > 0 && signature === undefined ? 'incident.name_needed' : 'app.name');
  return { sign, field: open ? <NameField name="by" label={label} asked={asked} /> : null };
}
