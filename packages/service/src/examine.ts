import type { Finding } from '@vigilia/protocol';

/**
 * Runs a check. An error becomes a failure with its sentence, never a stack trace; its code is the one of the error, otherwise
 * `<check>_failed`.
 */
export async function examine<T>(check: string, remedy: string, body: () => Promise<T> | T): Promise<T | Finding> {
  try {
    return await body();
  } catch (error) {
    return failureOf(check, remedy, error);
  }
}

function failureOf(check: string, remedy: string, error: unknown): Finding {
  const own = error as { message?: unknown; remedy?: unknown; code?: unknown };
  const isOurs = typeof own.code === 'string' && /^[a-z_]+$/.test(own.code);
  return {
    check,
    result: 'failed',
    code: isOurs ? String(own.code) : `${check.replace(/ .*/, '')}_failed`,
    detail: typeof own.message === 'string' ? own.message : String(error),
    remedy: typeof own.remedy === 'string' ? own.remedy : remedy,
  };
}
