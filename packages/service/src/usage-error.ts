/**
 * A user's mistake (a bad flag, a missing file, a broker's refusal): shown as one sentence, without a stack trace, and the
 * process ends with code 2.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** Stable, snake_case: `invalid_settings`, `port_in_use` … */
  readonly code: string;
  /** What to do about it, one sentence. */
  readonly remedy: string | undefined;

  constructor(options: { code: string; message: string; remedy?: string | undefined; cause?: unknown }) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.remedy = options.remedy;
  }
}
