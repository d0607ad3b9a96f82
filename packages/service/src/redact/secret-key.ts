import { isDigit, isLetter, isUpper } from './characters.ts';

type Meaning = 'secret' | 'qualifier' | 'key' | 'id';

/** What the last word of a name means for its value. */
const meanings = new Map<string, Meaning>([
  ...[
    'auth',
    'authorization',
    'bearer',
    'clave',
    'contrasena',
    'contraseña',
    'cookie',
    'cookies',
    'credential',
    'credentials',
    'creds',
    'jsessionid',
    'jwt',
    'oauth',
    'otp',
    'pass',
    'passcode',
    'passphrase',
    'passwd',
    'password',
    'passwords',
    'psk',
    'psw',
    'pw',
    'pwd',
    'secret',
    'secrets',
    'sessionid',
    'signature',
    'token',
  ].map((word) => [word, 'secret'] as const),
  // behind a secret's name they do not make its value harmless: `password_hash`, `authHeader`
  ...[
    'again',
    'base',
    'confirm',
    'confirmation',
    'current',
    'hash',
    'header',
    'new',
    'old',
    'plain',
    'raw',
    'text',
    'value',
  ].map((word) => [word, 'qualifier'] as const),
  ['key', 'key'],
  ['id', 'id'],
]);

/** Words that were joined without a sign: `accesstoken`, `userpwd`. */
const joined =
  /(?:access|api|auth|private|secret)key$|(?:cookie|credentials|passphrase|passwd|password|pwd|secret|token)$/i;
const shortestJoined = 4;

/** Words before `key` that make it a secret; a plain `key` names many harmless things. */
const secretKeyKinds: ReadonlySet<string> = new Set([
  'access',
  'account',
  'api',
  'auth',
  'encryption',
  'master',
  'private',
  'secret',
  'session',
  'shared',
  'signing',
  'ssh',
  'storage',
  'stream',
]);

/** A name is judged by its end; a longer text is not a name. */
const longestName = 128;

/**
 * Returns whether a value under this key is a credential: `password`, `mqtt_password`, `apiKey`, `Set-Cookie` … Reads
 * camelCase, snake_case, kebab-case and dotted names. The last word decides: `token` is a secret, `token_count` is not.
 */
export function isSecretKey(key: string): boolean {
  const name = key.length > longestName ? key.slice(-longestName) : key;
  for (let to = wordEnd(name, name.length); to > 0; ) {
    const from = wordStart(name, to);
    const word = name.slice(from, to);
    const meaning = meanings.get(isLowerCase(word) ? word : word.toLowerCase());
    if (meaning === 'secret') return true;
    if (meaning === undefined) return word.length >= shortestJoined && joined.test(word);
    to = wordEnd(name, from);
    if (meaning !== 'qualifier') {
      const before = name.slice(wordStart(name, to), to).toLowerCase();
      return meaning === 'key' ? secretKeyKinds.has(before) : before === 'session';
    }
  }
  return false;
}

function isLowerCase(word: string): boolean {
  for (let index = 0; index < word.length; index++) {
    if (isUpper(word.charCodeAt(index))) return false;
  }
  return true;
}

/** Behind the last letter before `to`: without signs, and without digits (`password2`). */
function wordEnd(name: string, to: number): number {
  let end = to;
  while (end > 0 && !isWordLetter(name.charCodeAt(end - 1))) {
    end--;
  }
  return end;
}

function wordStart(name: string, end: number): number {
  let from = Math.max(0, end - 1);
  while (from > 0 && continuesWord(name, from)) {
    from--;
  }
  return from;
}

/** Whether the letter at `at` and the sign before it belong to one word: not in `apiKey`, `APIKey` and `api_key`. */
function continuesWord(name: string, at: number): boolean {
  const before = name.charCodeAt(at - 1);
  if (!isWordLetter(before) && !isDigit(before)) return false;
  if (!isUpper(name.charCodeAt(at))) return true;
  if (!isUpper(before)) return false;
  return at + 1 >= name.length || !isWordLetter(name.charCodeAt(at + 1)) || isUpper(name.charCodeAt(at + 1));
}

const isWordLetter = (code: number): boolean => isLetter(code) || code >= 0xc0;
