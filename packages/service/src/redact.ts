const STARS = '***';

// scheme://user:password@  — the user info ends at the last @ before the path, because passwords may hold an @ of their own
const URL_CREDENTIALS = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#"'<>]*@/gi;

const SECRET_WORD = 'pass(?:word|wd)?|pwd|secret|token|api[_-]?key|access[_-]?key|auth(?:orization)?|signature|sig';
const SECRET_QUERY = new RegExp(`([?&;](?:[a-z0-9_.-]*[_.-])?(?:${SECRET_WORD})=)[^&;#\\s"'<>]+`, 'gi');
const SECRET_KEY =
  /^(?:.*[_.-])?(?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|authorization|apiKey)$/i;

/**
 * Takes the credentials out of every URL in any text: `rtsp://user:pass@cam/1` → `rtsp://***@cam/1`, and the values of
 * query parameters whose name looks secret (`?token=…` → `?token=***`). Text without URLs comes back unchanged.
 */
export function redactUrl(text: string): string {
  if (!text.includes('://')) {
    return text;
  }
  return text.replace(URL_CREDENTIALS, `$1${STARS}@`).replace(SECRET_QUERY, `$1${STARS}`);
}

/** Whether a value under this key must never be shown (`password`, `mqtt_password`, `apiKey`, `token` …). */
export function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key);
}

/**
 * A copy of any JSON-like value with every string passed through `redactUrl` and every value under a secret-looking key
 * replaced. Errors, dates, buffers and class instances are returned as they are (the logger's serializers treat them);
 * cycles are cut.
 */
export function redactDeep(value: unknown, seen: readonly unknown[] = []): unknown {
  if (typeof value === 'string') {
    return redactUrl(value);
  }
  if (Array.isArray(value)) {
    return seen.includes(value) ? '[Circular]' : value.map((item) => redactDeep(item, [...seen, value]));
  }
  if (!isPlainObject(value)) {
    return value instanceof URL ? redactUrl(value.href) : value;
  }
  if (seen.includes(value)) {
    return '[Circular]';
  }
  const inner = [...seen, value];
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      isSecretKey(key) && item !== undefined && item !== null ? STARS : redactDeep(item, inner),
    ]),
  );
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  // by tag, not by prototype: objects of another realm (Jest's vm) are plain too
  return typeof value === 'object' && value !== null && Object.prototype.toString.call(value) === '[object Object]';
}
