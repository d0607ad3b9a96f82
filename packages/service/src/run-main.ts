import { EXIT, ExitRequest } from './exit-request.ts';
import type { Logger } from './logger.ts';
import { redactUrl } from './redact.ts';
import { UsageError } from './usage-error.ts';

/**
 * Runs a command's body and ends the process only when it fails: UsageError → one sentence on standard error → 2;
 * ExitRequest → its code; anything else → its stack on standard error → 1.
 */
export async function runMain(body: () => Promise<void> | void): Promise<void> {
  try {
    await body();
  } catch (error) {
    process.exit(reportFailure(error));
  }
}

/** Reports why a process ends: a user's mistake in one sentence, an internal error with its stack. Returns the exit code. */
export function reportFailure(error: unknown, logger?: Logger): number {
  if (error instanceof ExitRequest) {
    return error.exitCode;
  }
  if (error instanceof UsageError) {
    const sentence = [error.message, error.remedy].filter((part) => part !== undefined).join(' ');
    process.stderr.write(`${redactUrl(sentence)}\n`);
    return EXIT.usage;
  }
  if (logger === undefined) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${redactUrl(text)}\n`);
  } else {
    const stack = error instanceof Error ? error.stack : undefined;
    logger.fatal({ event: 'service_failed', err: error, stack }, 'failed');
  }
  return EXIT.failure;
}
