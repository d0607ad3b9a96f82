interface Found {
  readonly check: string;
  readonly detail: string;
  readonly figures?: Readonly<Record<string, number | string>>;
}

/**
 * What one check of `vigilia doctor` found, and what to do about it: nothing that is wrong goes without a remedy.
 * `skipped`: not asked for or not there by design; `warning`: it works, but not well.
 */
export type Finding = Found &
  (
    | { readonly result: 'ok' | 'skipped'; readonly remedy?: string }
    | { readonly result: 'warning' | 'failed'; readonly remedy: string }
  );

const signs = { ok: 'ok     ', warning: 'WARNING', failed: 'FAILED ', skipped: '–      ' } as const;

/** A finding as one or two lines for people. */
export function describeFinding({ check, result, detail, remedy }: Finding): string {
  const first = `${signs[result]}  ${check}: ${detail}`;
  return remedy === undefined ? first : `${first}\n         → ${remedy}`;
}

/** Runs a check; whatever it throws is a failure with its sentence, never a stack trace. */
export async function examine(check: string, remedy: string, body: () => Promise<Finding> | Finding): Promise<Finding> {
  try {
    return await body();
  } catch (error) {
    const own = error as { message?: unknown; remedy?: unknown };
    const detail = typeof own.message === 'string' ? own.message : String(error);
    return { check, result: 'failed', detail, remedy: typeof own.remedy === 'string' ? own.remedy : remedy };
  }
}
