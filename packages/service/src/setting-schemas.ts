import { z } from 'zod';
import { brokerAddresses, isBrokerList, maxBrokers } from './broker-addresses.ts';
import { percentEncodingHint } from './percent-encoding.ts';

/**
 * Schemas for settings: they take what a flag or a variable holds (text, or `true` for a flag without a value) and give the
 * typed value. Their messages never repeat the value, because it may be a secret.
 */
export const setting = {
  /** Any text that is not empty. */
  text: () => z.string('needs a value').min(1, 'must not be empty'),
  /** A whole number within bounds (inclusive). */
  integer: ({ min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER }: Bounds = {}) =>
    numberWithin(min, max, /^[+-]?\d+$/, 'a whole number'),
  /** A decimal number within bounds (inclusive). */
  number: ({ min = -Number.MAX_VALUE, max = Number.MAX_VALUE }: Bounds = {}) =>
    numberWithin(min, max, /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i, 'a number'),
  /** `true/false`, `yes/no`, `on/off`, `1/0`; a flag without a value is true. */
  boolean: () =>
    z.union([z.boolean(), z.string()], 'needs true or false').transform((value, context) => {
      const word = String(value).toLowerCase();
      if (TRUE.has(word) || FALSE.has(word)) {
        return TRUE.has(word);
      }
      context.issues.push({ code: 'custom', message: 'must be true or false', input: undefined });
      return z.NEVER;
    }),
  /** A TCP port; 0 lets the system choose. */
  port: () => numberWithin(0, 65535, /^\d+$/, 'a port number'),
  /** A comma-separated list of whole numbers ≥ 0 and ranges of them, without doubles: `0,1,2`, `0-7`. Empty text is the empty list. */
  integerList: () =>
    z.string('needs a list like 0,1,2 or 0-7').transform((text, context) => {
      const parts = text.split(',').filter((part) => part.trim() !== '');
      const numbers = parts.map(numbersOf);
      const all = numbers.flatMap((part) => part ?? []);
      if (!numbers.includes(undefined) && new Set(all).size === all.length) return all;
      const message = 'must be a list of different numbers like 0,1,2 or 0-7';
      context.issues.push({ code: 'custom', message, input: undefined });
      return z.NEVER;
    }),
  /** A comma-separated list of words. */
  textList: () =>
    z.string('needs a list like a,b').transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    ),
  /** A URL with one of these schemes, as text: `url('mqtt', 'mqtts')`. */
  url: (...schemes: string[]) =>
    z
      .string('needs a URL')
      .refine(
        (text) => URL.canParse(text) && (schemes.length === 0 || schemes.includes(new URL(text).protocol.slice(0, -1))),
        { error: ({ input }) => urlExpected(schemes, String(input)) },
      ),
  /** One address of a broker or several, separated by commas, as text. */
  brokers: () =>
    z.string('needs a URL').refine(isBrokerList, {
      error: ({ input }) =>
        brokerAddresses(String(input)).length > 1
          ? brokersExpected(String(input))
          : urlExpected(['mqtt', 'mqtts'], String(input)),
    }),
  /** One of these words. */
  oneOf: <const T extends readonly [string, ...string[]]>(...words: T) =>
    z.enum(words, `must be one of ${words.join(', ')}`),
};

function brokersExpected(text: string): string {
  const expected = `must be at most ${maxBrokers} different URLs that start with mqtt:// or mqtts://, separated by commas`;
  return text.includes('@') ? `${expected}; write a comma in a password as %2C` : expected;
}

function urlExpected(schemes: readonly string[], text: string): string {
  const expected =
    schemes.length === 0
      ? 'must be a URL'
      : `must be a URL that starts with ${schemes.map((s) => `${s}://`).join(' or ')}`;
  const hint = URL.canParse(text) ? undefined : percentEncodingHint(text);
  return hint === undefined ? expected : `${expected} (${hint.replace(/\.$/, '')})`;
}

interface Bounds {
  min?: number;
  max?: number;
}

const TRUE = new Set(['true', 'yes', 'on', '1']);
const FALSE = new Set(['false', 'no', 'off', '0']);

/** More numbers than a range of rooms has. */
const longestRange = 1000;

/** `3` or `0-7`; undefined: neither. */
function numbersOf(part: string): number[] | undefined {
  const match = /^\s*(\d{1,9})(?:\s*-\s*(\d{1,9}))?\s*$/.exec(part);
  const first = Number(match?.[1]);
  const count = Number(match?.[2] ?? match?.[1]) - first + 1;
  if (match === null || count < 1 || count > longestRange) return undefined;
  return Array.from({ length: count }, (_, index) => first + index);
}

function numberWithin(min: number, max: number, shape: RegExp, name: string) {
  return z.string(`needs ${name}`).transform((text, context) => {
    const value = Number(text);
    if (shape.test(text.trim()) && value >= min && value <= max) {
      return value;
    }
    context.issues.push({ code: 'custom', message: `must be ${name}${boundsText(min, max)}`, input: undefined });
    return z.NEVER;
  });
}

function boundsText(min: number, max: number): string {
  const low = min > Number.MIN_SAFE_INTEGER;
  const high = max < Number.MAX_SAFE_INTEGER;
  if (low && high) {
    return ` from ${min} to ${max}`;
  }
  return low ? ` of at least ${min}` : high ? ` of at most ${max}` : '';
}
