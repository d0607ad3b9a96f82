import type { z } from 'zod';
import { CommandError, type ErrorCode } from './errors.ts';

type Issue = z.core.$ZodIssue;

/** Returns a schema's failure as one sentence, and the path of the first field at fault. */
export function describeIssue(error: z.ZodError, noun = 'parameter'): { message: string; field: string | undefined } {
  const issue = error.issues[0];
  if (issue === undefined) return { message: `Invalid ${noun}`, field: undefined };
  const field = issue.path.length > 0 ? issue.path.map(String).join('.').slice(0, 128) : undefined;
  if (field === undefined) return { message: `Invalid ${noun}s: ${expectation(issue)}`, field };
  if (isMissing(issue)) return { message: `Missing required ${noun}: ${field}`, field };
  return { message: `Invalid ${noun} ${field}: ${expectation(issue)}`, field };
}

function isMissing(issue: Issue): boolean {
  return issue.code === 'invalid_type' && /received undefined/.test(issue.message);
}

/** What the value must be, and what it is where that can be shown in a few characters. */
function expectation(issue: Issue): string {
  const got = shown(issue.input);
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${typeNames[issue.expected] ?? issue.expected}${got}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${units(issue.origin)}${got}`;
    case 'too_small':
      return `must be at least ${issue.minimum}${units(issue.origin)}${got}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}${got}`;
    case 'invalid_format':
      return issue.format === 'datetime'
        ? `must be a time such as 2026-01-31T12:00:00Z${got}`
        : `${ownWords(issue.message, 'has characters or a form that are not allowed')}${got}`;
    case 'unrecognized_keys':
      return `has unknown fields: ${issue.keys.join(', ').slice(0, 128)}`;
    case 'custom':
      return `${issue.message}${got}`;
    case 'invalid_union':
      return `has none of the allowed types${got}`;
    default:
      return `is not valid${got}`;
  }
}

/** Messages that our schemas give themselves begin with `must`; all others are the library's. */
function ownWords(message: string, fallback: string): string {
  return message.startsWith('must ') ? message : fallback;
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
};

function units(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' entries' : '';
}

function shown(input: unknown): string {
  if (typeof input === 'number' || typeof input === 'boolean' || input === null) return ` (got ${String(input)})`;
  if (typeof input === 'string' && input.length <= 64) return ` (got ${JSON.stringify(input)})`;
  return '';
}

/**
 * Checks `value` against `schema`.
 * @throws CommandError with `code` (default `invalid_params`) and the first field at fault.
 */
export function parseOrThrow<S extends z.ZodType>(
  schema: S,
  value: unknown,
  options: { code?: ErrorCode; noun?: string } = {},
): z.infer<S> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const { message, field } = describeIssue(result.error, options.noun);
  throw new CommandError(options.code ?? 'invalid_params', message, field === undefined ? {} : { field });
}
