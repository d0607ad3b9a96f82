import type { PolicyField } from '@vigilia/protocol';
import { sameJson } from '@vigilia/protocol/policy-differences';
import type { JSX } from 'preact';
import { usePage } from '../parts/context.ts';
import type { Language } from '../texts/translate.ts';
import { meaningOf, unitOf } from './field-words.ts';
import { enteredValue, problemOf, shownValue } from './policy-draft.ts';
import { policyText } from './policy-texts.ts';

export interface SettingControlProps {
  readonly field: PolicyField;
  /** With the key of its record in the place of `*`. */
  readonly path: readonly string[];
  readonly value: unknown;
  readonly inForce: unknown;
  readonly onValue: (value: unknown) => void;
}

/** One setting: its meaning, value, unit, default, and the value in force where it was changed. */
export function SettingControl(props: SettingControlProps): JSX.Element {
  const { language } = usePage();
  const { field, path, value, inForce, onValue } = props;
  const id = `setting-${path.join('.')}`;
  const problem = problemOf(field, value);
  const isChanged = !sameJson(value, inForce);
  return (
    <div class={isChanged ? 'field setting changed' : 'field setting'} data-setting={path.join('.')}>
      <label for={id}>{meaningOf(language, field)}</label>
      <span class="setting-value">
        <Control {...props} id={id} isWrong={problem !== undefined} />
        <span>{unitOf(language, field)}</span>
      </span>
      <small class="quiet" id={`${id}-notes`}>
        <code>{path.join('.')}</code> · {defaultText(language, field)}
        {isChanged ? ` · ${policyText(language, 'changed', { value: valueText(language, inForce) })}` : ''}
      </small>
      {problem === undefined ? null : (
        <small class="trouble" id={`${id}-problem`}>
          {policyText(language, `problem.${problem.reason}`, { limit: problem.limit ?? '' })}
        </small>
      )}
      {field.default === undefined || sameJson(value, field.default) ? null : (
        <button type="button" class="plain small" onClick={() => onValue(field.default)}>
          {policyText(language, 'use_default')}
          <span class="visually-hidden"> ({path.join('.')})</span>
        </button>
      )}
    </div>
  );
}

function defaultText(language: Language, field: PolicyField): string {
  return field.default === undefined
    ? policyText(language, 'optional')
    : policyText(language, 'default', { value: valueText(language, field.default) });
}

/** Returns a value as people read it. */
export function valueText(language: Language, value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return policyText(language, 'not_set');
  if (typeof value === 'boolean') return policyText(language, value ? 'yes' : 'no');
  return shownValue(value);
}

interface ControlProps extends SettingControlProps {
  readonly id: string;
  readonly isWrong: boolean;
}

function Control(props: ControlProps): JSX.Element {
  const { field, path, value } = props;
  const { language } = usePage();
  if (field.kind === 'boolean' || field.kind === 'choice') return <ChoiceControl {...props} />;
  if (field.kind !== 'json') return <TextControl {...props} />;
  const count = Array.isArray(value) ? value.length : 0;
  return (
    <span id={props.id}>
      {policyText(language, 'zones_here', { count })}{' '}
      <a href={`#/zones/${path[1] ?? ''}`}>{policyText(language, 'edit_zones')}</a>
    </span>
  );
}

function TextControl({ field, id, value, isWrong, onValue }: ControlProps): JSX.Element {
  const { kind } = field;
  const mode = kind === 'integer' ? 'numeric' : kind === 'number' ? 'decimal' : 'text';
  return (
    <input
      id={id}
      type="text"
      inputMode={mode}
      autoComplete="off"
      value={shownValue(value)}
      aria-invalid={isWrong}
      aria-describedby={isWrong ? `${id}-problem ${id}-notes` : `${id}-notes`}
      onChange={(event) => onValue(enteredValue(field, event.currentTarget.value))}
    />
  );
}

function ChoiceControl({ field, id, value, isWrong, onValue }: ControlProps): JSX.Element {
  const { language } = usePage();
  const choices = field.kind === 'boolean' ? [true, false] : (field.choices ?? []);
  return (
    <select
      id={id}
      value={shownValue(value)}
      aria-invalid={isWrong}
      aria-describedby={`${id}-notes`}
      onChange={(event) => onValue(enteredValue(field, event.currentTarget.value))}
    >
      {field.default === undefined ? <option value="">{policyText(language, 'not_set')}</option> : null}
      {choices.map((choice) => (
        <option key={String(choice)} value={String(choice)}>
          {valueText(language, choice)}
        </option>
      ))}
    </select>
  );
}
