import { char, endsAddress, isDigit, isHost, isLetter, isLower, isPath, isUpper } from './characters.ts';
import type { MarkedText } from './marked-text.ts';

const highestPort = 65_535;
const longestPort = 5;
const longestPlaceholder = 32;

/** Finds where host, port and ordinary segments of a path end. */
export class AddressEnd {
  readonly #marked: MarkedText;

  constructor(marked: MarkedText) {
    this.#marked = marked;
  }

  /** Behind `host` or `host:port`; -1 when something else stands there. */
  ofHost(begin: number, end: number): number {
    const { text } = this.#marked;
    let index = this.#ofBrackets(begin, end);
    if (index < 0) return -1;
    while (index < end) {
      const code = text.charCodeAt(index);
      if (isHost(code)) {
        index++;
      } else if (code === char.openBrace && this.#ofPlaceholder(index) > 0) {
        index = this.#ofPlaceholder(index);
      } else break;
    }
    if (index < end && text.charCodeAt(index) === char.colon) {
      const port = this.#ofPort(index + 1);
      if (port === index + 1) return this.isPunctuation(index, end) ? index : -1;
      index = port;
    }
    return index >= 0 && this.ofPart(index, end) ? index : -1;
  }

  /** Behind the ordinary characters of a segment. */
  ofSegment(begin: number, end: number): number {
    const { text } = this.#marked;
    let index = begin;
    while (index < end) {
      const code = text.charCodeAt(index);
      if (isPath(code)) {
        index++;
      } else if (code === char.percent && this.#isHarmlessEscape(index)) {
        index += 3;
      } else if (code === char.openBrace && this.#ofPlaceholder(index) > 0) {
        index = this.#ofPlaceholder(index);
      } else break;
    }
    return index;
  }

  /** Whether a host or a segment may end at `index`: the next part begins, or the sentence goes on. */
  ofPart(index: number, end: number): boolean {
    if (index >= end) return true;
    const code = this.#marked.text.charCodeAt(index);
    if (code === char.slash || code === char.question || code === char.hash || endsAddress(code)) return true;
    return this.isPunctuation(index, end);
  }

  /** A `.`, `:` or `!` of the sentence around the address. */
  isPunctuation(index: number, end: number): boolean {
    const { text } = this.#marked;
    const code = text.charCodeAt(index);
    if (code !== char.dot && code !== char.colon && code !== char.exclamation) return false;
    return index + 1 >= end || endsAddress(text.charCodeAt(index + 1));
  }

  /** Behind `[::1]`; `begin` itself where there are no brackets, -1 where they are not closed. */
  #ofBrackets(begin: number, end: number): number {
    const { text } = this.#marked;
    if (text.charCodeAt(begin) !== char.openBracket) return begin;
    let index = begin + 1;
    while (index < end && isInBrackets(text.charCodeAt(index))) {
      index++;
    }
    return text.charCodeAt(index) === char.closeBracket ? index + 1 : -1;
  }

  /** Behind the digits of a port, or behind `{port}`; -1 when the number is too high. */
  #ofPort(begin: number): number {
    const { text } = this.#marked;
    if (text.charCodeAt(begin) === char.openBrace) return this.#ofPlaceholder(begin) || -1;
    let index = begin;
    while (index - begin <= longestPort && isDigit(text.charCodeAt(index))) {
      index++;
    }
    return Number(text.slice(begin, index)) <= highestPort ? index : -1;
  }

  /** Behind `{source_id}`, as in templates of addresses; 0 where there is none. */
  #ofPlaceholder(begin: number): number {
    const { text } = this.#marked;
    let index = begin + 1;
    while (index - begin < longestPlaceholder && isPlaceholder(text.charCodeAt(index))) {
      index++;
    }
    return index > begin + 1 && text.charCodeAt(index) === char.closeBrace ? index + 1 : 0;
  }

  /** `%20` and other escapes of letters and blanks; `%3D` and `%40` may be part of a credential. */
  #isHarmlessEscape(index: number): boolean {
    const hex = this.#marked.text.slice(index + 1, index + 3);
    if (!/^[\da-f]{2}$/i.test(hex)) return false;
    const code = Number.parseInt(hex, 16);
    return code === char.space || code >= 128 || isLetter(code) || isDigit(code);
  }
}

const isInBrackets = (code: number): boolean => isHost(code) || code === char.colon || code === char.percent;

const isPlaceholder = (code: number): boolean =>
  isLower(code) || isUpper(code) || isDigit(code) || code === char.underscore;
