import { AddressRedactor } from './address-redactor.ts';
import { RegionFinder } from './address-region.ts';
import {
  char,
  isLetter,
  isLineEnd,
  isName,
  isToken,
  isTrigger,
  isWhite,
  lowerCase,
  standsBeforeAddress,
} from './characters.ts';
import { MarkedText } from './marked-text.ts';
import { isSecretKey } from './secret-key.ts';

/** A name in front of `=` or `:`, from `from` to `to`. */
interface Name {
  readonly from: number;
  readonly to: number;
  /** `"name":` or `'name':`. */
  readonly quoted: boolean;
}

const longestName = 64;
const shortestCredential = 6;
const longestHarmless = 16;
/** Of Go's `net/url`, which repeats a piece of the password: `parse "rtsp://u:p#w@h": invalid port ":p" after host`. */
const goErrors: readonly string[] = ['invalid port', 'invalid URL escape'];
/** Of which the slashes are forgotten. */
const typedSchemes: ReadonlySet<string> = new Set(['rtsp', 'rtsps', 'rtmp', 'http', 'https', 'mqtt', 'mqtts', 'tapo']);
const encodedSlashes = '%3a%2f%2f';

/** Returns the text without the credentials in it; looks at each character a few times at most, whatever the text holds. */
export function redactText(text: string): string {
  for (let index = 0; index < text.length; index++) {
    if (isTrigger(text.charCodeAt(index))) return redactFound(text);
  }
  return text;
}

function redactFound(text: string): string {
  const marked = new MarkedText(text);
  new TextRedactor(marked).run();
  return marked.result() ?? text;
}

/** Finds addresses and names of secrets, from left to right. */
class TextRedactor {
  readonly #marked: MarkedText;
  readonly #regions: RegionFinder;
  readonly #addresses: AddressRedactor;
  #lineStart = 1;

  constructor(marked: MarkedText) {
    this.#marked = marked;
    this.#regions = new RegionFinder(this.#marked);
    this.#addresses = new AddressRedactor(this.#marked, this.#regions);
  }

  /** Hides what is secret in the text. */
  run(): void {
    const { text, length } = this.#marked;
    for (let index = 1; index <= length; ) {
      const code = text.charCodeAt(index);
      index = isTrigger(code) ? this.#trigger(code, index) : index + 1;
    }
  }

  /** Looks at what may begin at `index`; returns where to go on. */
  #trigger(code: number, index: number): number {
    switch (code) {
      case char.slash:
        return this.#slash(index);
      case char.colon:
        return this.#colon(index);
      case char.equals:
        return this.#equals(index);
      case char.percent:
        return this.#percent(index);
      case char.space:
        return this.#space(index);
      case char.quote:
        return this.#quote(index);
      default:
        this.#lineStart = index + 1;
        return index + 1;
    }
  }

  /** `//`, also as `\/\/`, may begin an address. */
  #slash(index: number): number {
    const { text } = this.#marked;
    const second = this.#marked.afterBackslashes(index + 1);
    if (text.charCodeAt(second) !== char.slash) return index + 1;
    const begin = second + 1;
    const from = this.#marked.beforeBackslashes(index);
    const before = text.charCodeAt(from - 1);
    // `rtsp//user:…`: the colon was forgotten
    const certain = before === char.colon || (isLetter(before) && this.#regions.isKnownScheme(from));
    if (certain) return this.#addresses.redact(begin, 'certain');
    const next = text.charCodeAt(begin);
    const beginsWord = this.#mayBegin(from) && !isWhite(next) && next !== char.slash;
    if (beginsWord || this.#regions.hasAtInWord(begin)) return this.#addresses.redact(begin, 'likely');
    return index + 1;
  }

  /** Whether an address without a scheme may begin at `index`, also behind an escaped line break of JSON. */
  #mayBegin(index: number): boolean {
    const { text } = this.#marked;
    const before = text.charCodeAt(index - 1);
    const escaped =
      text.charCodeAt(index - 2) === char.backslash && (before === 0x6e || before === 0x72 || before === 0x74);
    return escaped || standsBeforeAddress(before);
  }

  #colon(index: number): number {
    const { text } = this.#marked;
    const next = this.#marked.afterBackslashes(index + 1);
    const slash = text.charCodeAt(next) === char.slash;
    if (slash && text.charCodeAt(this.#marked.afterBackslashes(next + 1)) === char.slash) return next;
    // `rtsp:/user:…@host` and `rtsp:user:…@host`: slashes were forgotten
    const typed = isLetter(text.charCodeAt(index - 1)) && this.#regions.hasAtInWord(index + 1);
    if (typed && this.#regions.isKnownScheme(index, typedSchemes)) {
      return this.#addresses.redact(slash ? next + 1 : index + 1, 'likely');
    }
    const name = this.#secretNameBefore(index);
    if (name === undefined) return index + 1;
    const value = this.#afterSpaces(index + 1);
    if (name.quoted || this.#isQuote(value)) return this.#hideValue(value);
    return this.#namesLine(name) ? this.#hideLine(value) : index + 1;
  }

  /** `password=…` and `password = …`, but neither `token == …` nor `token => …`. */
  #equals(index: number): number {
    const { text } = this.#marked;
    const name = this.#secretNameBefore(index);
    if (name === undefined) return index + 1;
    const spaced = text.charCodeAt(index - 1) === char.space;
    const next = text.charCodeAt(index + 1);
    if (spaced && (next === char.equals || next === char.greater)) return index + 2;
    return this.#hideValue(spaced ? this.#afterSpaces(index + 1) : index + 1);
  }

  /** `Bearer …` and `Basic …` with a token behind that is not a word. */
  #space(index: number): number {
    const { text } = this.#marked;
    if (!this.#isAuthScheme(index)) return index + 1;
    let to = index + 1;
    while (isToken(text.charCodeAt(to))) {
      to++;
    }
    const isWord = /^[A-Z]?[a-z]*\.?$/.test(text.slice(index + 1, Math.min(to, index + 1 + longestName)));
    if (isWord || to - index <= shortestCredential || isName(text.charCodeAt(to))) return index + 1;
    this.#marked.hide(index + 1, to);
    return to;
  }

  /** Whether the word that ends at `to` is `Bearer` or `Basic`. */
  #isAuthScheme(to: number): boolean {
    const { text } = this.#marked;
    const last = text.charCodeAt(to - 1) | lowerCase;
    if (last !== 0x72 && last !== 0x63) return false;
    return /^(?:bearer|.?basic)$/i.test(text.slice(Math.max(0, to - 6), to)) && !isLetter(text.charCodeAt(to - 7));
  }

  /** `rtsp%3A%2F%2F…`: an address as the parameter of another one. */
  #percent(index: number): number {
    const from = index + encodedSlashes.length;
    if (this.#marked.text.slice(index, from).toLowerCase() !== encodedSlashes) return index + 1;
    const end = this.#regions.wordEnd(from);
    this.#marked.hide(from, end);
    return end;
  }

  /** A piece of an address in an error of Go. */
  #quote(index: number): number {
    const { text } = this.#marked;
    const last = text.charCodeAt(index - 1);
    if (last !== char.space && last !== char.backslash) return index + 1;
    const from = this.#marked.beforeBackslashes(index);
    if (text.charCodeAt(from - 1) !== char.space || !isLetter(text.charCodeAt(from - 2))) return index + 1;
    const before = text.slice(Math.max(0, from - 19), from - 1);
    return goErrors.some((one) => before.endsWith(one)) ? this.#hideQuoted(index, index - from) : index + 1;
  }

  #secretNameBefore(sign: number): Name | undefined {
    const name = this.#nameBefore(sign);
    return name !== undefined && this.#isSecret(name) ? name : undefined;
  }

  #isSecret({ from, to }: Name): boolean {
    return to - from > 1 && isSecretKey(this.#marked.text.slice(from, to));
  }

  #nameBefore(sign: number): Name | undefined {
    const { text } = this.#marked;
    let to = text.charCodeAt(sign - 1) === char.space ? sign - 1 : sign;
    const last = text.charCodeAt(to - 1);
    const quoted = last === char.quote || last === char.apostrophe;
    if (quoted) {
      to = this.#marked.beforeBackslashes(to - 1);
    }
    let from = to;
    while (to - from < longestName && isName(text.charCodeAt(from - 1))) {
      from--;
    }
    return from === to ? undefined : { from, to, quoted };
  }

  /** Whether all of the line is the value: of a header, or of the only name in the line. */
  #namesLine({ from, to }: Name): boolean {
    const { text } = this.#marked;
    if (/-|^authorization$|^cookie$/i.test(text.slice(from, to))) return true;
    let at = from;
    while (at > this.#lineStart && isLinePrefix(text.charCodeAt(at - 1))) {
      at--;
    }
    return at === this.#lineStart;
  }

  /** A quoted value up to its closing quote, a list or an object up to the end of the line, anything else up to white space. */
  #hideValue(from: number): number {
    const { text } = this.#marked;
    const quote = this.#marked.afterBackslashes(from);
    const code = text.charCodeAt(quote);
    if (code === char.quote || code === char.apostrophe) return this.#hideQuoted(quote, quote - from);
    if (code === char.openBracket || code === char.openBrace) return this.#hideLine(from);
    let to = from;
    let slashes = 0;
    while (!isWhite(text.charCodeAt(to)) && text.charCodeAt(to) !== char.quote) {
      if (text.charCodeAt(to) === char.slash) {
        slashes++;
      }
      to++;
    }
    // an address: its password may hold white space
    if (slashes > 1) return this.#hideLine(from);
    if (to - from > longestHarmless || !isHarmless(text.slice(from, to))) {
      this.#marked.hide(from, to);
    }
    return to;
  }

  /** Hides what stands between a quote with so many backslashes and the next one with as many, or the end of the line. */
  #hideQuoted(open: number, backslashes: number): number {
    const { text } = this.#marked;
    const quote = text.charCodeAt(open);
    for (let index = open + 1; ; ) {
      const end = this.#marked.afterBackslashes(index);
      const code = text.charCodeAt(end);
      if (isLineEnd(code) || (code === quote && end - index === backslashes)) {
        this.#marked.hide(open + 1, index);
        return Math.max(index, open + 1);
      }
      index = end + 1;
    }
  }

  #hideLine(from: number): number {
    const { text } = this.#marked;
    let to = from;
    while (!isLineEnd(text.charCodeAt(to))) {
      to++;
    }
    this.#marked.hide(from, to);
    return to;
  }

  #afterSpaces(index: number): number {
    const { text } = this.#marked;
    let at = index;
    while (text.charCodeAt(at) === char.space) {
      at++;
    }
    return at;
  }

  #isQuote(index: number): boolean {
    const code = this.#marked.text.charCodeAt(this.#marked.afterBackslashes(index));
    return code === char.quote || code === char.apostrophe;
  }
}

const isHarmless = (value: string): boolean => /^(?:true|false|null|undefined)[,;}\])]*$/.test(value);

/** Signs of lists, tables and quotations in front of a name. */
const isLinePrefix = (code: number): boolean =>
  !isLetter(code) && code < 128 && code !== char.colon && code !== char.equals;
