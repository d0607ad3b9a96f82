import { DeepRedactor } from './redact/redact-deep.ts';
import { redactText } from './redact/redact-text.ts';

export { isSecretKey } from './redact/secret-key.ts';

/** JSON in a text in JSON in a text: what is nested further is read as plain text. */
const deepestJson = 2;
/** Longer JSON is read as plain text, which hides more than it must. */
const longestJson = 65_536;

/**
 * Returns the text without credentials, in linear time whatever it holds. An address is shown as scheme, host, port and the
 * stem of its path: `rtsp://user:pass@cam:554/1?token=x` → `rtsp://***@cam:554/1?token=***`. Everything between `://` (or a
 * leading `//`) and the last `@` that can belong to it is hidden, whatever characters a raw password holds; so are unknown
 * query values, fragments, and credentials in the path. Also hidden are `Authorization: …` headers and the values of names
 * for which `isSecretKey` is true. Where a secret's end cannot be recognised, the rest of the line is hidden.
 *
 * Strings of a text that is JSON are redacted one by one. Text without addresses and secrets is returned unchanged.
 */
export function redactUrl(text: string): string {
  return redactNested(text, 0);
}

/**
 * Returns a copy of any JSON-like value in which every text and every key went through `redactUrl`, and every value under a
 * secret-looking key is hidden. An Error becomes `{message, code?, cause?, errors?}`, a URL its text; dates, buffers and other
 * class instances are returned as they are. Cycles become `[Circular]`, what is nested deeper than 64 levels `[Too deep]`.
 */
export function redactDeep(value: unknown, options: { readonly withStack?: boolean } = {}): unknown {
  return new DeepRedactor({ redactText: redactUrl, withStack: options.withStack === true }).redact(value);
}

function redactNested(text: string, nesting: number): string {
  const redacted = redactText(text);
  const mayBeJson = nesting < deepestJson && text.length <= longestJson && isFramedAsJson(text);
  // escapes hide from the plain reading what stands before and in an address
  const isSuspicious = redacted !== text || text.includes('\\');
  return mayBeJson && isSuspicious ? (redactJson(text, nesting) ?? redacted) : redacted;
}

/** The JSON text with its strings redacted one by one; undefined when it is not JSON. */
function redactJson(text: string, nesting: number): string | undefined {
  const redactor = new DeepRedactor({ redactText: (inner) => redactJsonString(inner, nesting + 1) });
  try {
    const value = redactor.redact(JSON.parse(text));
    if (redactor.cut) return undefined;
    return redactor.changed ? JSON.stringify(value) : text;
  } catch {
    return undefined;
  }
}

/** A line break of a JSON string may be two characters of a password that was not escaped: it does not end a secret. */
function redactJsonString(text: string, nesting: number): string {
  if (!/[\r\n]/.test(text)) return redactNested(text, nesting);
  const line = text.replaceAll(/[\r\n]/g, ' ');
  const redacted = redactText(line);
  return redacted === line ? text : redacted;
}

function isFramedAsJson(text: string): boolean {
  return /^\s*[[{]/.test(text) && /[\]}]$/.test(text.trimEnd());
}
