interface Found {
  readonly check: string;
  readonly detail: string;
  readonly figures?: Readonly<Record<string, number | string>>;
}

/**
 * What one check of `vigilia doctor` found, and what to do about it: nothing that is wrong goes without a code and a remedy.
 * `skipped`: not asked for or not there by design; `warning`: it works, but not well.
 */
export type Finding = Found &
  (
    | { readonly result: 'ok' | 'skipped'; readonly code?: string; readonly remedy?: string }
    | { readonly result: 'warning' | 'failed'; readonly code: string; readonly remedy: string }
  );

const signs = { ok: 'ok     ', warning: 'WARNING', failed: 'FAILED ', skipped: '–      ' } as const;

/** A finding as one or two lines for people. */
export function describeFinding({ check, result, detail, remedy }: Finding): string {
  const first = `${signs[result]}  ${check}: ${detail}`;
  return remedy === undefined ? first : `${first}\n         → ${remedy}`;
}

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
