/** Deepest nesting of objects and lists that is parsed. Our own messages have at most eleven levels. */
export const maxJsonDepth = 32;

/** JSON as far as it could be read within the bounds. */
export type BoundedJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: 'too_deep' | 'invalid_json' };

/**
 * Parses JSON whose nesting is bounded, in linear time. A byte order mark before it and NUL characters after it are passed over,
 * because some writers send them.
 */
export function parseBoundedJson(text: string): BoundedJson {
  const trimmed = text.slice(text.startsWith('\uFEFF') ? 1 : 0, endOf(text));
  if (isTooDeep(trimmed)) return { ok: false, reason: 'too_deep' };
  try {
    return { ok: true, value: JSON.parse(trimmed) };
  } catch {
    return { ok: false, reason: 'invalid_json' };
  }
}

/** Returns where NUL characters and blanks at the end begin. An expression for it would try again at every blank of the text. */
function endOf(text: string): number {
  let end = text.length;
  while (end > 0 && ignoredAtEnd.has(text.charCodeAt(end - 1))) end -= 1;
  return end;
}

/** NUL and what JSON counts as a blank: tab, line feed, carriage return, space. */
const ignoredAtEnd: ReadonlySet<number> = new Set([0x00, 0x09, 0x0a, 0x0d, 0x20]);

/** Returns whether JSON is nested deeper than `maxJsonDepth`, without parsing it: a parser could overflow the stack. */
export function isTooDeep(text: string): boolean {
  return depthOf(text) > maxJsonDepth;
}

/** Counts the deepest nesting without parsing, so that no stack can overflow. Brackets inside texts do not count. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charCodeAt(at);
    if (inText) {
      if (sign === 0x5c) at += 1;
      else if (sign === 0x22) inText = false;
    } else if (sign === 0x22) {
      inText = true;
    } else if (sign === 0x7b || sign === 0x5b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (sign === 0x7d || sign === 0x5d) {
      depth -= 1;
    }
  }
  return deepest;
}
