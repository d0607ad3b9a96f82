import type { Charset } from '../../config/espa-charsets.ts';

/**
 * Positions that the national variants of ISO 646 give to other characters than ASCII does.
 * Source: International Register of Coded Character Sets, 17 (es), 21 (de), 11 (se).
 */
const national: Readonly<Record<Charset, Readonly<Record<string, string>>>> = {
  ascii: {},
  latin1: {},
  'iso646-es': { '£': '#', '§': '@', '¡': '[', Ñ: '\\', '¿': ']', '°': '{', ñ: '|', ç: '}' },
  'iso646-de': { '§': '@', Ä: '[', Ö: '\\', Ü: ']', ä: '{', ö: '|', ü: '}', ß: '~' },
  'iso646-se': { '¤': '$', Ä: '[', Ö: '\\', Å: ']', ä: '{', ö: '|', å: '}' },
};

/** What stands for a character that has no letter of ASCII in it. */
const substitutes: Readonly<Record<string, string>> = {
  ß: 'ss',
  ẞ: 'SS',
  Æ: 'AE',
  æ: 'ae',
  Ø: 'O',
  ø: 'o',
  Œ: 'OE',
  œ: 'oe',
  Ł: 'L',
  ł: 'l',
  Đ: 'D',
  đ: 'd',
  Þ: 'Th',
  þ: 'th',
  ı: 'i',
  '·': '-',
  '–': '-',
  '—': '-',
  '…': '...',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '«': '"',
  '»': '"',
  '°': 'o',
  º: 'o',
  ª: 'a',
  '€': 'EUR',
  '¡': '',
  '¿': '',
};

/** What is written where a national variant has taken the place of the character itself. */
const displaced: Readonly<Record<string, string>> = {
  '[': '(',
  ']': ')',
  '{': '(',
  '}': ')',
  '\\': '/',
  '|': '/',
  '~': '-',
  '@': 'a',
  '#': 'No.',
  $: 'USD',
};

/**
 * Returns the text as the line carries it: one character per byte, no control characters, at most `maxLength` characters.
 * Letters that the character set lacks lose their accents; what cannot be written becomes `?`.
 */
export function lineText(message: string, charset: Charset, maxLength: number): string {
  const own = national[charset];
  const taken = new Set(Object.values(own));
  const written = [...message.normalize('NFC')].map((character) => {
    const variant = own[character];
    if (variant !== undefined) return variant;
    if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(character)) return ' ';
    if (charset === 'latin1' && character <= '\xff') return character;
    return [...plain(character)].map((one) => (taken.has(one) ? (displaced[one] ?? '?') : one)).join('');
  });
  return written.join('').replace(/ {2,}/g, ' ').trim().slice(0, maxLength).trimEnd();
}

function plain(character: string): string {
  const substitute = substitutes[character];
  if (substitute !== undefined) return substitute;
  const bare = character.normalize('NFKD').replace(/\p{M}/gu, '');
  return /^[\x20-\x7e]+$/.test(bare) ? bare : '?';
}
