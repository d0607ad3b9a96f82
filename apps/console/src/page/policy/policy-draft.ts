import type { JsonRecord, PolicyChange, PolicyDifference, PolicyEdit, PolicyField } from '@vigilia/protocol';
import { applyDifferences, differencesOf, isJsonRecord, setAt, settingAt } from '@vigilia/protocol/policy-differences';
import type { PolicyView } from '../../shared/policy-view.ts';

/** A policy while a person edits it. */
export interface PolicyDraft {
  /** The policy that was edited, and its revision. */
  readonly base: JsonRecord;
  readonly revision: number;
  readonly policy: JsonRecord;
}

/** Why a value cannot be sent: a key of the texts, with what it names. */
export interface ValueProblem {
  readonly reason: 'number' | 'whole' | 'minimum' | 'above' | 'maximum' | 'form' | 'choice';
  readonly limit?: string | number | undefined;
}

export function draftOf({ policy, revision }: PolicyView): PolicyDraft {
  return { base: policy, revision, policy };
}

/** Returns the differences that the draft would send. */
export function draftDifferences({ base, policy }: PolicyDraft): PolicyDifference[] {
  return differencesOf(base, policy);
}

/** More changes than a command may have. */
const mostEdits = 2000;

export function editsOf(draft: PolicyDraft): PolicyEdit[] {
  const all = draftDifferences(draft);
  const sent = all.length > mostEdits ? differencesOf(draft.base, draft.policy, 1) : all;
  return sent.map(({ path, after }) => (after === undefined ? { path: [...path] } : { path: [...path], value: after }));
}

/** Returns the draft on top of what is in force now; where both changed a setting the draft counts. */
export function rebase(draft: PolicyDraft, { policy, revision }: PolicyView): PolicyDraft {
  return { base: policy, revision, policy: applyDifferences(policy, draftDifferences(draft), 'after') };
}

/** Returns the changes that others made after the draft was begun. */
export function changesSince({ revision }: PolicyDraft, changes: readonly PolicyChange[]): readonly PolicyChange[] {
  return changes.filter((change) => change.revision > revision);
}

/** Returns whether the draft and a change differ from the base at the same setting. */
export function touchesSame(draft: PolicyDraft, difference: Pick<PolicyDifference, 'path'>): boolean {
  return draftDifferences(draft).some(
    ({ path }) => startsWith(path, difference.path) || startsWith(difference.path, path),
  );
}

function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.every((key, index) => path[index] === key);
}

/** Returns the setting that describes a path, where this version knows it. */
export function fieldAt(fields: readonly PolicyField[], path: readonly string[]): PolicyField | undefined {
  return fields.find(
    (field) => field.path.length === path.length && field.path.every((key, n) => key === '*' || key === path[n]),
  );
}

/** Returns the paths of a policy that this version does not know; they are kept as they are. */
export function unknownPaths(
  fields: readonly PolicyField[],
  value: unknown,
  path: readonly string[] = [],
): (readonly string[])[] {
  const here = path.length === 0 ? undefined : fieldAt(fields, path);
  const isGroup = path.length === 0 || fields.some((field) => field.path.length > path.length && matches(field, path));
  if (here === undefined && !isGroup) return [path];
  if (!isGroup || !isJsonRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => unknownPaths(fields, inner, [...path, key]));
}

function matches(field: PolicyField, path: readonly string[]): boolean {
  return path.every((key, n) => field.path[n] === '*' || field.path[n] === key);
}

/**
 * Returns a policy as a file has it: what the file leaves out has its default. Settings that this version does not know stay as they are
 * unless the file names them.
 */
export function importPolicy(fields: readonly PolicyField[], current: JsonRecord, file: JsonRecord): JsonRecord {
  const withDefaults = fields
    .filter((field) => field.default !== undefined && settingAt(file, field.path) === undefined)
    .reduce((result, field) => setAt(result, field.path, field.default), file);
  return unknownPaths(fields, current)
    .filter((path) => settingAt(file, path) === undefined)
    .filter((path) => path.length === 1 || settingAt(withDefaults, path.slice(0, -1)) !== undefined)
    .reduce((result, path) => setAt(result, path, settingAt(current, path)), withDefaults);
}

/** Returns what was entered as the policy has it; an empty text: the setting is not set. A text that is not a number stays a text. */
export function enteredValue({ kind, choices = [] }: PolicyField, text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  switch (kind) {
    case 'integer':
    case 'number': {
      const number = Number(trimmed.replace(',', '.'));
      return Number.isNaN(number) ? trimmed : number;
    }
    case 'boolean':
      return trimmed === 'true';
    case 'choice':
      return choices.find((choice) => String(choice) === trimmed) ?? trimmed;
    case 'list':
      return trimmed.split(',').map((one) => one.trim());
    default:
      return trimmed;
  }
}

/** Returns a value as it is shown in its control. */
export function shownValue(value: unknown): string {
  if (value === undefined || value === null) return '';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** Returns why a value is not allowed. The orchestrator checks it again. */
export function problemOf(field: PolicyField, value: unknown): ValueProblem | undefined {
  if (value === undefined) return undefined;
  const { kind, minimum, above, maximum, maxLength = Number.POSITIVE_INFINITY, pattern, choices = [] } = field;
  if (kind === 'choice')
    return choices.includes(value as string) ? undefined : { reason: 'choice', limit: choices.join(', ') };
  if (kind === 'text') {
    const fits = typeof value === 'string' && value.length <= maxLength && new RegExp(pattern ?? '').test(value);
    return fits ? undefined : { reason: 'form' };
  }
  if (kind !== 'integer' && kind !== 'number') return undefined;
  if (typeof value !== 'number') return { reason: 'number' };
  if (kind === 'integer' && !Number.isInteger(value)) return { reason: 'whole' };
  if (minimum !== undefined && value < minimum) return { reason: 'minimum', limit: minimum };
  if (above !== undefined && value <= above) return { reason: 'above', limit: above };
  return maximum !== undefined && value > maximum ? { reason: 'maximum', limit: maximum } : undefined;
}

/** Returns the changed settings whose values cannot be sent. */
export function draftProblems(
  fields: readonly PolicyField[],
  draft: PolicyDraft,
): { readonly path: readonly string[]; readonly problem: ValueProblem }[] {
  return draftDifferences(draft).flatMap(({ path, after }) => {
    const field = fieldAt(fields, path);
    const problem = field === undefined ? undefined : problemOf(field, after);
    return problem === undefined ? [] : [{ path, problem }];
  });
}
