import type { JSX } from 'preact';
import { usePage } from './context.ts';

export interface NameFieldProps {
  /** Of the field in the form. */
  readonly name: string;
  readonly label: string;
  readonly help?: string;
}

/** Where nobody signs in, one says who one is; this device remembers it. */
export function NameField({ name, label, help }: NameFieldProps): JSX.Element {
  const { settings, change } = usePage();
  return (
    <label class="field">
      <span>{label}</span>
      <input
        name={name}
        autoComplete="name"
        maxLength={64}
        value={settings.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      {help === undefined ? null : <small class="quiet">{help}</small>}
    </label>
  );
}

/** What a change is signed with: `undefined` until one has said who one is; `by` only where no account says it. */
export function useSignature(): { readonly by?: string } | undefined {
  const { session, settings } = usePage();
  if (session.name !== undefined) return {};
  const by = settings.name.trim();
  return by === '' ? undefined : { by };
}
