import type { z } from 'zod';
import { CommandError, type ErrorCode } from './errors.ts';

/** A zod failure as one sentence and the path of the first field at fault. */
export function describeIssue(error: z.ZodError, noun = 'parameter'): { message: string; field: string | undefined } {
  const issue = error.issues[0];
  if (issue === undefined) return { message: `Invalid ${noun}`, field: undefined };
  const field = issue.path.length > 0 ? issue.path.map(String).join('.') : undefined;
  if (field === undefined) return { message: `Invalid ${noun}s: ${issue.message}`, field };
  if (issue.code === 'invalid_type' && issue.input === undefined && /undefined/.test(issue.message)) {
    return { message: `Missing required ${noun}: ${field}`, field };
  }
  return { message: `Invalid ${noun} ${field}: ${issue.message}`, field };
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
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { message, field } = describeIssue(result.error, options.noun);
  throw new CommandError(options.code ?? 'invalid_params', message, field === undefined ? {} : { field });
}
