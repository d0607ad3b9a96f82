import type { JSX } from 'preact';
import type { FormField } from './form-values.ts';
import { useProcessorText } from './processor-texts.ts';

export interface CommandFieldProps {
  readonly field: FormField;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

/** The control for one parameter. */
export function CommandField({ field, value, onValue }: CommandFieldProps): JSX.Element {
  const p = useProcessorText();
  const notes = [
    ...(field.required ? [] : [p('commands.optional')]),
    ...(field.kind === 'json' ? [p('commands.json')] : []),
    ...(field.minimum === undefined || field.maximum === undefined || field.maximum >= 1e6
      ? []
      : [`${field.minimum}–${field.maximum}`]),
  ];
  return (
    <label class={field.kind === 'json' ? 'field wide' : 'field'} for={`param-${field.name}`}>
      <span>
        <code>{field.name}</code> {notes.length === 0 ? null : <small class="quiet">{notes.join(', ')}</small>}
      </span>
      <Control field={field} value={value} onValue={onValue} />
    </label>
  );
}

function Control({ field, value, onValue }: CommandFieldProps): JSX.Element {
  const p = useProcessorText();
  const { name, kind, required } = field;
  if (kind === 'json') {
    return (
      <textarea
        id={`param-${name}`}
        name={name}
        rows={3}
        required={required}
        value={value}
        onInput={(e) => onValue(e.currentTarget.value)}
      />
    );
  }
  if (kind === 'boolean' || kind === 'choice') {
    const choices =
      kind === 'boolean'
        ? ([
            ['true', p('commands.yes')],
            ['false', p('commands.no')],
          ] as const)
        : field.choices.map((one) => [one, one] as const);
    return (
      <select
        id={`param-${name}`}
        name={name}
        required={required}
        value={value}
        onChange={(e) => onValue(e.currentTarget.value)}
      >
        <option value="">{required ? '' : p('commands.unchanged')}</option>
        {choices.map(([choice, label]) => (
          <option key={choice} value={choice}>
            {label}
          </option>
        ))}
      </select>
    );
  }
  const numeric = kind === 'text' ? {} : ({ inputMode: kind === 'integer' ? 'numeric' : 'decimal' } as const);
  return (
    <input
      id={`param-${name}`}
      name={name}
      type="text"
      autoComplete="off"
      required={required}
      value={value}
      onInput={(e) => onValue(e.currentTarget.value)}
      {...numeric}
    />
  );
}
