import { UsageError } from '@vigilia/service';

/**
 * `--param k=v` pairs as the parameters of a command. A value that is JSON (a number, true, a list) is taken as such,
 * anything else as text.
 * @throws UsageError naming the pair at fault.
 */
export function parseParams(pairs: readonly string[]): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at <= 0) {
      throw new UsageError({
        code: 'invalid_settings',
        message: `--param "${pair}" is not of the form name=value.`,
        remedy: 'Write for example --param max_fps=1.',
      });
    }
    params[pair.slice(0, at)] = jsonOrText(pair.slice(at + 1));
  }
  return params;
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
