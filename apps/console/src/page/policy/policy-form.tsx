import type { JsonRecord, PolicyField } from '@vigilia/protocol';
import { isJsonRecord, setAt, settingAt } from '@vigilia/protocol/policy-differences';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { PolicyView } from '../../shared/policy-view.ts';
import { usePage } from '../parts/context.ts';
import { meaningOf } from './field-words.ts';
import { type PolicyDraft, unknownPaths } from './policy-draft.ts';
import { policyText } from './policy-texts.ts';
import { SettingControl } from './setting-control.tsx';
import { shortJson } from './short-json.ts';

export interface PolicyFormProps {
  readonly view: PolicyView;
  readonly draft: PolicyDraft;
  readonly onChange: (policy: JsonRecord) => void;
}

/** Every setting of the policy as its schema describes it: groups, then rooms, then what this version does not know. */
export function PolicyForm(props: PolicyFormProps): JSX.Element {
  const { language } = usePage();
  const { fields } = props.view;
  const top = fields.filter(({ path }) => path.length === 1);
  const isSetting = ({ kind }: PolicyField): boolean => kind !== 'group' && kind !== 'record';
  return (
    <div class="settings">
      <fieldset class="panel">
        <legend>{policyText(language, 'general')}</legend>
        <Settings {...props} fields={top.filter(isSetting)} />
      </fieldset>
      {top
        .filter(({ kind }) => kind === 'group')
        .map((group) => (
          <fieldset key={group.path.join('.')} class="panel">
            <legend>{meaningOf(language, group)}</legend>
            <Settings {...props} fields={fields.filter(({ path }) => path.length === 2 && path[0] === group.path[0])} />
          </fieldset>
        ))}
      {top
        .filter(({ kind }) => kind === 'record')
        .map((record) => (
          <RecordSettings key={record.path.join('.')} {...props} record={record} />
        ))}
      <UnknownSettings {...props} />
    </div>
  );
}

interface SettingsProps extends PolicyFormProps {
  readonly fields: readonly PolicyField[];
  /** The key that `*` stands for. */
  readonly entry?: string;
}

function Settings({ view, draft, onChange, fields, entry }: SettingsProps): JSX.Element {
  return (
    <div class="fields">
      {fields.map((field) => {
        const path = field.path.map((key) => (key === '*' ? (entry ?? key) : key));
        return (
          <SettingControl
            key={path.join('.')}
            field={field}
            path={path}
            value={settingAt(draft.policy, path)}
            inForce={settingAt(view.policy, path)}
            onValue={(value) => onChange(setAt(draft.policy, path, value))}
          />
        );
      })}
    </div>
  );
}

/** The rooms: each opens with its settings, so that a site of hundreds stays a list. */
function RecordSettings({ record, ...props }: PolicyFormProps & { readonly record: PolicyField }): JSX.Element {
  const { language } = usePage();
  const entries = settingAt(props.draft.policy, record.path);
  const keys = isJsonRecord(entries) ? Object.keys(entries) : [];
  const fields = props.view.fields.filter(({ path }) => path.length === 3 && path[0] === record.path[0]);
  return (
    <fieldset class="panel">
      <legend>{meaningOf(language, record)}</legend>
      <p class="quiet">{policyText(language, 'rooms_count', { count: keys.length })}</p>
      {keys.map((key) => (
        <Entry key={key} {...props} entry={key} fields={fields} name={settingAt(entries, [key, 'name'])} />
      ))}
    </fieldset>
  );
}

interface EntryProps extends PolicyFormProps {
  readonly fields: readonly PolicyField[];
  readonly entry: string;
  readonly name: unknown;
}

function Entry({ entry, name, ...props }: EntryProps): JSX.Element {
  const { language } = usePage();
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      class="setting-entry"
      data-entry={entry}
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>{typeof name === 'string' ? name : policyText(language, 'room', { id: entry })}</summary>
      {isOpen ? <Settings {...props} entry={entry} /> : null}
    </details>
  );
}

function UnknownSettings({ view, draft }: PolicyFormProps): JSX.Element | null {
  const { language } = usePage();
  const unknown = unknownPaths(view.fields, draft.policy);
  if (unknown.length === 0) return null;
  return (
    <fieldset class="panel">
      <legend>{policyText(language, 'unknown_title')}</legend>
      <p class="quiet">{policyText(language, 'unknown_help')}</p>
      <ul class="unknown-settings">
        {unknown.map((path) => (
          <li key={path.join('.')}>
            <code>
              {path.join('.')}: {shortJson(settingAt(draft.policy, path))}
            </code>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
