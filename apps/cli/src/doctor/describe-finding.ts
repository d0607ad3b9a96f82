import type { Finding } from '@vigilia/protocol';

const signs = { ok: 'ok     ', warning: 'WARNING', failed: 'FAILED ', skipped: '–      ' } as const;

/** A finding as one or two lines for people. */
export function describeFinding({ check, result, detail, remedy }: Finding): string {
  const first = `${signs[result]}  ${check}: ${detail}`;
  return remedy === undefined ? first : `${first}\n         → ${remedy}`;
}
