/** Codes of the characters that mean something in an address or beside a secret. */
export const char = {
  lineFeed: 10,
  space: 32,
  exclamation: 33,
  quote: 34,
  hash: 35,
  percent: 37,
  ampersand: 38,
  apostrophe: 39,
  dot: 46,
  slash: 47,
  colon: 58,
  semicolon: 59,
  equals: 61,
  greater: 62,
  question: 63,
  at: 64,
  openBracket: 91,
  backslash: 92,
  closeBracket: 93,
  underscore: 95,
  openBrace: 123,
  closeBrace: 125,
} as const;

/** The bit that makes a capital letter a small one. */
export const lowerCase = 0x20;

/** What a character may be. */
const kind = {
  white: 1,
  lineEnd: 2,
  endsAddress: 4,
  beforeAddress: 8,
  host: 16,
  path: 32,
  name: 64,
  scheme: 128,
  upper: 256,
  lower: 512,
  digit: 1024,
  separator: 2048,
  token: 8192,
  /** May begin something that is hidden. */
  trigger: 4096,
} as const;

const ascii = new Uint16Array(128);
/** Everything that is not ASCII counts as a letter of another language. */
const other = kind.host | kind.path | kind.name;

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const lower = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const white = ' \t\v\f\u001b\0\n\r';
const members: readonly (readonly [number, string])[] = [
  [kind.white, white],
  [kind.lineEnd, '\n\r'],
  [kind.endsAddress, `${white}"'\`<>()[]{},;|\\`],
  [kind.beforeAddress, `${white}"'\`<>([{,;|=`],
  [kind.host, `${upper}${lower}${digits}.-_*`],
  [kind.path, `${upper}${lower}${digits}.-_*~+`],
  [kind.name, `${upper}${lower}${digits}.-_`],
  [kind.scheme, `${upper}${lower}${digits}.-+`],
  [kind.upper, upper],
  [kind.lower, lower],
  [kind.digit, digits],
  [kind.token, `${upper}${lower}${digits}-._~+/=`],
  [kind.separator, '&;#?'],
  [kind.trigger, '/:=% "\n\r'],
];
for (const [flag, characters] of members) {
  for (const one of characters) {
    const code = one.charCodeAt(0);
    ascii[code] = (ascii[code] ?? 0) | flag;
  }
}

const has = (code: number, flags: number): boolean => ((code < 128 ? (ascii[code] ?? 0) : other) & flags) !== 0;

/** Also the escape that begins a terminal's colours, and every end of a line. */
export const isWhite = (code: number): boolean => has(code, kind.white);
export const isLineEnd = (code: number): boolean => has(code, kind.lineEnd);
/** Cannot be part of a host or of an ordinary path. */
export const endsAddress = (code: number): boolean => has(code, kind.endsAddress);
/** May stand directly before an address. */
export const standsBeforeAddress = (code: number): boolean => has(code, kind.beforeAddress);
export const isHost = (code: number): boolean => has(code, kind.host);
export const isPath = (code: number): boolean => has(code, kind.path);
/** Of a name such as `api_key` or `X-Auth-Token`. */
export const isName = (code: number): boolean => has(code, kind.name);
export const isScheme = (code: number): boolean => has(code, kind.scheme);
export const isUpper = (code: number): boolean => has(code, kind.upper);
export const isLower = (code: number): boolean => has(code, kind.lower);
export const isLetter = (code: number): boolean => has(code, kind.upper | kind.lower);
export const isDigit = (code: number): boolean => has(code, kind.digit);
/** Of the credentials in an `Authorization` header (token68, RFC 9110, 11.2). */
export const isToken = (code: number): boolean => has(code, kind.token);
/** Between parameters of a query or a fragment. */
export const isSeparator = (code: number): boolean => has(code, kind.separator);
export const isTrigger = (code: number): boolean => has(code, kind.trigger);
