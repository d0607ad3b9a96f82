import '../styles/differences.css';
import type { PolicyDifference, PolicyField } from '@vigilia/protocol';
import type { JSX } from 'preact';
import { usePage } from '../parts/context.ts';
import { meaningOf, unitOf } from './field-words.ts';
import { fieldAt } from './policy-draft.ts';
import { policyText } from './policy-texts.ts';
import { valueText } from './setting-control.tsx';
import { shortJson } from './short-json.ts';

export interface DifferenceTableProps {
  readonly fields: readonly PolicyField[];
  readonly differences: readonly PolicyDifference[];
  /** A remark on a difference. */
  readonly remark?: (difference: PolicyDifference) => string | undefined;
}

/** What changes, setting by setting. */
export function DifferenceTable({ fields, differences, remark }: DifferenceTableProps): JSX.Element {
  const { language } = usePage();
  const text = (field: PolicyField | undefined, value: unknown): string => {
    if (typeof value === 'object' && value !== null) return shortJson(value);
    const unit = field === undefined || value === undefined ? undefined : unitOf(language, field);
    return unit === undefined ? valueText(language, value) : `${valueText(language, value)} ${unit}`;
  };
  return (
    <div class="scroll-x">
      <table class="differences">
        <thead>
          <tr>
            <th scope="col">{policyText(language, 'setting')}</th>
            <th scope="col">{policyText(language, 'before')}</th>
            <th scope="col">{policyText(language, 'after')}</th>
          </tr>
        </thead>
        <tbody>
          {differences.map((difference) => {
            const { path, before, after } = difference;
            const field = fieldAt(fields, path);
            const note = remark?.(difference);
            return (
              <tr key={path.join('.')} data-difference={path.join('.')}>
                <th scope="row">
                  {field === undefined ? null : <span>{meaningOf(language, field)} </span>}
                  <code>{path.join('.')}</code>
                  {note === undefined ? null : <b class="warn"> {note}</b>}
                </th>
                <td>{text(field, before)}</td>
                <td>{text(field, after)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
