import { knownSchemes } from './address-words.ts';
import { char, isHost, isLineEnd, isScheme, isWhite, standsBeforeAddress } from './characters.ts';
import { type MarkedText, stars } from './marked-text.ts';

/** The part of a line that can belong to one address. */
export interface AddressRegion {
  readonly from: number;
  /** Where the line ends, or another address begins. */
  readonly end: number;
  /** The last `@` in it that can end credentials; -1 for none. */
  readonly at: number;
  /** Such an `@` stands in more than one word, so that it is not known which of them ends the credentials. */
  readonly ambiguous: boolean;
  /** Behind the scheme of the address that begins at `end`; -1 at the end of the line. */
  readonly next: number;
}

const shortestScheme = 2;
const longestScheme = 10;
/** `ffmpeg:rtsp:` and the like. */
const longestChain = 3;
const packages = 'node_modules/';

/** Finds how far an address may reach. Keeps what it found: a region is looked at once, however many addresses it holds. */
export class RegionFinder {
  readonly #marked: MarkedText;
  #region: AddressRegion = { from: 0, end: 0, at: -1, ambiguous: false, next: -1 };
  #nextAt = -1;
  #nextWhite = -1;

  constructor(marked: MarkedText) {
    this.#marked = marked;
  }

  /**
   * The region of the address whose credentials or host begin at `begin`.
   * @param local a file of this machine, such as those of a stack trace: `file:///app/node_modules/@scope/name/index.js`
   */
  find(begin: number, local: boolean): AddressRegion {
    const known = this.#region;
    if (begin >= known.from && begin < known.end && (known.at < 0 || known.at >= begin)) return known;
    const region = begin >= known.from && begin < known.end ? { ...known, at: -1 } : this.#scan(begin, begin, local);
    this.#region = region;
    const hidden = this.#hiddenBefore(begin);
    return hidden < 0 ? region : { ...region, at: hidden, ambiguous: false };
  }

  /** The region together with the address behind it, which turned out to be a piece of a password. */
  extend({ from, next }: AddressRegion): AddressRegion {
    this.#region = this.#scan(from, next, false);
    return this.#region;
  }

  /** Whether an `@` follows before the next white space. */
  hasAtInWord(from: number): boolean {
    if (this.#nextAt < from) {
      const found = this.#marked.text.indexOf('@', from);
      this.#nextAt = found < 0 ? this.#marked.text.length : found;
    }
    return this.#nextAt <= this.#marked.length && this.#nextAt < this.wordEnd(from);
  }

  /** The next white space. */
  wordEnd(from: number): number {
    if (this.#nextWhite < from) {
      const { text } = this.#marked;
      let end = from;
      while (!isWhite(text.charCodeAt(end))) {
        end++;
      }
      this.#nextWhite = end;
    }
    return this.#nextWhite;
  }

  /** Whether the word that ends at `to` is the scheme of an address. */
  isKnownScheme(to: number, schemes = knownSchemes): boolean {
    const from = this.#schemeStart(to);
    if (to - from < shortestScheme || to - from > longestScheme) return false;
    const word = this.#marked.text.slice(from, to);
    return schemes.has(word) || schemes.has(word.toLowerCase());
  }

  /** The `@` of an address that was redacted before: `***@host`; -1 for none. */
  #hiddenBefore(begin: number): number {
    const at = begin + stars.length;
    if (this.#marked.text.charCodeAt(at) !== char.at || !this.#marked.isHidden(begin, at)) return -1;
    return this.hasAtInWord(at + 1) ? -1 : at;
  }

  #scan(from: number, start: number, local: boolean): AddressRegion {
    const { text } = this.#marked;
    let at = -1;
    let ambiguous = false;
    let firstWord = start === from;
    let whiteBehindAt = false;
    for (let index = start; ; index++) {
      const code = text.charCodeAt(index);
      if (code === char.at) {
        if (!(local && this.#isScope(index)) && (firstWord || this.#beginsHost(index + 1))) {
          ambiguous ||= whiteBehindAt;
          at = index;
        }
      } else if (code === char.colon) {
        const slashes = index > from ? this.#slashesAfter(index) : -1;
        const other = slashes < 0 ? -1 : this.#otherAddress(index, from);
        if (other >= 0) return { from, end: other, at, ambiguous, next: slashes };
      } else if (isWhite(code)) {
        if (isLineEnd(code)) return { from, end: index, at, ambiguous, next: -1 };
        firstWord = false;
        whiteBehindAt = at >= 0;
      }
    }
  }

  /** `node_modules/@scope`. */
  #isScope(at: number): boolean {
    const { text } = this.#marked;
    return text.charCodeAt(at - 1) === char.slash && text.endsWith(packages, at);
  }

  #beginsHost(index: number): boolean {
    const code = this.#marked.text.charCodeAt(index);
    return isHost(code) || code === char.openBracket || isLineEnd(code);
  }

  /** Behind the `//` after a colon, which may be written `\/\/`; -1 where there is none. */
  #slashesAfter(colon: number): number {
    const { text } = this.#marked;
    const first = this.#marked.afterBackslashes(colon + 1);
    if (text.charCodeAt(first) !== char.slash) return -1;
    const second = this.#marked.afterBackslashes(first + 1);
    return text.charCodeAt(second) === char.slash ? second + 1 : -1;
  }

  /** The place before an address with a known scheme that stands as a word of its own; -1 for none. */
  #otherAddress(colon: number, from: number): number {
    const { text } = this.#marked;
    for (let to = colon, words = 0; words < longestChain && this.isKnownScheme(to); words++) {
      const start = this.#schemeStart(to);
      if (start <= from) return -1;
      const before = text.charCodeAt(start - 1);
      if (standsBeforeAddress(before)) return this.#trimmed(start, from);
      if (before !== char.colon) return -1;
      to = start - 1;
    }
    return -1;
  }

  /** Without the white space, quotes and commas in front of the next address. */
  #trimmed(index: number, from: number): number {
    const { text } = this.#marked;
    let end = index;
    while (end > from && standsBeforeAddress(text.charCodeAt(end - 1))) {
      end--;
    }
    return end;
  }

  #schemeStart(to: number): number {
    const { text } = this.#marked;
    let start = to;
    while (to - start <= longestScheme && isScheme(text.charCodeAt(start - 1))) {
      start--;
    }
    return start;
  }
}
