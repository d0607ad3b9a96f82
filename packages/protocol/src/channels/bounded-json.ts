import { maxEntries } from '../fields.ts';

/** Deepest nesting of objects and lists that is parsed. Our own messages have at most eleven levels. */
export const maxJsonDepth = 32;

/** JSON as far as it could be read within the bounds. */
export type BoundedJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: 'too_deep' | 'too_many_entries' | 'invalid_json' };

/**
 * Parses JSON whose nesting and number of entries are bounded, in linear time. A number that no JSON writer can repeat (1e400) is
 * not valid. A byte order mark before it and NUL characters after it are passed over,
 * because some writers send them.
 */
export function parseBoundedJson(text: string, mostEntries = maxEntries): BoundedJson {
  const trimmed = text.slice(text.startsWith('\uFEFF') ? 1 : 0, endOf(text));
  const fault = shapeFault(trimmed, mostEntries);
  if (fault !== undefined) return { ok: false, reason: fault };
  try {
    const value: unknown = JSON.parse(trimmed);
    const isWritable = !mayOverflow.test(trimmed) || hasFiniteNumbers(value);
    return isWritable ? { ok: true, value } : { ok: false, reason: 'invalid_json' };
  } catch {
    return { ok: false, reason: 'invalid_json' };
  }
}

/** Digits without which no number is too large for a double. */
const mayOverflow = /[eE]\+?\d{3}|\d{309}/;

function hasFiniteNumbers(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(hasFiniteNumbers);
}

/** Returns where NUL characters and blanks at the end begin. An expression for it would try again at every blank of the text. */
function endOf(text: string): number {
  let end = text.length;
  while (end > 0 && ignoredAtEnd.has(text.charCodeAt(end - 1))) {
    end -= 1;
  }
  return end;
}

/** NUL and what JSON counts as a blank: tab, line feed, carriage return, space. */
const ignoredAtEnd: ReadonlySet<number> = new Set([0x00, 0x09, 0x0a, 0x0d, 0x20]);

/** Returns whether JSON is nested deeper than `maxJsonDepth`, without parsing it: a parser could overflow the stack. */
export function isTooDeep(text: string): boolean {
  return shapeFault(text, Number.POSITIVE_INFINITY) === 'too_deep';
}

/**
 * Returns the first bound that JSON breaks, `maxJsonDepth` or the entries of an object or a list, without parsing it: checking
 * each of a hundred thousand entries takes seconds. Signs inside texts do not count.
 */
function shapeFault(text: string, mostEntries: number): 'too_deep' | 'too_many_entries' | undefined {
  /** Commas of the objects and lists that are open, by depth. */
  const commas = new Uint32Array(maxJsonDepth + 1);
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charCodeAt(at);
    if (inText) {
      if (sign === 0x5c) {
        at += 1;
      } else if (sign === 0x22) {
        inText = false;
      }
    } else if (sign === 0x22) {
      inText = true;
    } else if (sign === 0x7b || sign === 0x5b) {
      depth += 1;
      if (depth > maxJsonDepth) return 'too_deep';
      commas[depth] = 0;
    } else if (sign === 0x7d || sign === 0x5d) {
      depth = Math.max(0, depth - 1);
    } else if (sign === 0x2c) {
      const count = (commas[depth] ?? 0) + 1;
      if (count >= mostEntries) return 'too_many_entries';
      commas[depth] = count;
    }
  }
  return undefined;
}
