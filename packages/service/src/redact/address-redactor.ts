import { AddressEnd } from './address-end.ts';
import type { AddressRegion, RegionFinder } from './address-region.ts';
import { isShownPair, shownParameters } from './address-words.ts';
import { char, endsAddress, isDigit, isLower, isSeparator, isUpper, isWhite, lowerCase } from './characters.ts';
import type { MarkedText } from './marked-text.ts';
import { isSecretKey } from './secret-key.ts';

/** `certain`: it has a scheme. `likely`: two slashes at the beginning of a word, or a scheme without its slashes. */
export type Certainty = 'certain' | 'likely';

const shortestParameter = 2;
const longestParameter = 32;
const shortestToken = 16;
const longestName = 32;
const local = 'file';

/**
 * Hides the secrets of one address: everything before the last `@` that can belong to it, what is unusual in its path, and
 * the values of its query and fragment. Raw passwords hold any character, so a secret whose end cannot be recognised is
 * hidden up to the end of the line or to the next address.
 */
export class AddressRedactor {
  readonly #marked: MarkedText;
  readonly #regions: RegionFinder;
  readonly #end: AddressEnd;

  constructor(marked: MarkedText, regions: RegionFinder) {
    this.#marked = marked;
    this.#regions = regions;
    this.#end = new AddressEnd(marked);
  }

  /** Hides what is secret in the address whose credentials or host begin at `begin`; returns where to go on. */
  redact(begin: number, certainty: Certainty): number {
    const isLocal = this.#isLocalFile(begin);
    let region = this.#regions.find(begin, isLocal);
    const hostEnd = this.#end.ofHost(begin, region.end);
    if (hostEnd < 0 && certainty === 'certain') {
      region = this.#completed(region);
    }
    const { end, at } = region;
    if (at >= 0) return this.#credentials(begin, region, hostEnd >= 0 && !isLocal);
    if (isLocal) return begin;
    if (hostEnd >= 0) return this.#path(hostEnd, end);
    return certainty === 'certain' ? this.#hideBroken(begin, end) : begin;
  }

  /** @param complete before the `@` stands an address already: it may as well be a part of its path or query, and secret */
  #credentials(begin: number, { at, end, ambiguous }: AddressRegion, complete: boolean): number {
    const hostEnd = this.#end.ofHost(at + 1, end);
    if (complete || ambiguous || hostEnd < 0) return this.#hideTo(begin, end);
    this.#marked.hide(begin, at);
    return this.#path(hostEnd, end);
  }

  /** What looks like another address is a piece of the password where this one is not yet complete. */
  #completed(region: AddressRegion): AddressRegion {
    let whole = region;
    while (whole.at < 0 && whole.next >= 0) {
      whole = this.#regions.extend(whole);
    }
    return whole;
  }

  /** Credentials that were cut off before their `@` may go on behind white space; what has no colon is at most a bad host. */
  #hideBroken(begin: number, end: number): number {
    const { text } = this.#marked;
    let stop = begin;
    while (stop < end && text.charCodeAt(stop) !== char.colon && !isWhite(text.charCodeAt(stop))) {
      stop++;
    }
    return this.#hideTo(begin, text.charCodeAt(stop) === char.colon ? end : stop);
  }

  /** `file:///path`: no credentials can follow three slashes. */
  #isLocalFile(begin: number): boolean {
    const { text } = this.#marked;
    if (text.charCodeAt(this.#marked.afterBackslashes(begin)) !== char.slash) return false;
    const first = this.#marked.beforeBackslashes(begin - 1) - 1;
    const colon = this.#marked.beforeBackslashes(first) - 1;
    if (text.charCodeAt(colon) !== char.colon) return false;
    for (let index = 0; index < local.length; index++) {
      if ((text.charCodeAt(colon - local.length + index) | lowerCase) !== local.charCodeAt(index)) return false;
    }
    return true;
  }

  /** Shows the ordinary segments, the path's stem, and hides the rest. */
  #path(begin: number, end: number): number {
    const { text } = this.#marked;
    for (let index = begin; index < end; ) {
      const code = text.charCodeAt(index);
      if (code === char.question || code === char.hash) return this.#parameters(index, end);
      const slash = this.#marked.afterBackslashes(index);
      if (text.charCodeAt(slash) !== char.slash) return index;
      const from = slash + 1;
      const to = this.#end.ofSegment(from, end);
      if (!this.#end.ofPart(to, end)) return this.#hideTo(from, end);
      if (this.#isToken(from, to)) return this.#hideTo(from, this.#regions.wordEnd(from));
      if (this.#namesSecret(from, to)) {
        const secret = this.#marked.afterBackslashes(to) + 1;
        return this.#hideTo(secret, this.#regions.wordEnd(secret));
      }
      index = to;
    }
    return end;
  }

  /** `/token/…`: the next segment is the secret. */
  #namesSecret(from: number, to: number): boolean {
    const { text } = this.#marked;
    if (to - from < 3 || to - from > longestName) return false;
    return text.charCodeAt(this.#marked.afterBackslashes(to)) === char.slash && isSecretKey(text.slice(from, to));
  }

  /** Long, of upper and lower case letters and digits at once: a token that stands in the path. */
  #isToken(from: number, to: number): boolean {
    if (to - from < shortestToken) return false;
    const { text } = this.#marked;
    let length = 0;
    let seen = 0;
    for (let index = from; index < to && (length < shortestToken || seen < 7); index++) {
      const code = text.charCodeAt(index);
      const kind = isLower(code) ? 1 : isUpper(code) ? 2 : isDigit(code) ? 4 : 0;
      length = kind === 0 ? 0 : length + 1;
      seen = kind === 0 ? 0 : seen | kind;
    }
    return length >= shortestToken && seen === 7;
  }

  #hideTo(from: number, to: number): number {
    this.#marked.hide(from, to);
    return to;
  }

  /** Query and fragment: names that are known are shown, values only where they cannot be secret. */
  #parameters(begin: number, end: number): number {
    const { text } = this.#marked;
    for (let from = begin + 1; from < end; ) {
      const to = this.#shownPairEnd(from, end);
      const separated = to < end && isSeparator(text.charCodeAt(to));
      const isShown = this.#shownUpTo(from, to) === to;
      // a value that begins with white space or a quote
      const isEmpty = to === from || text.charCodeAt(to - 1) === char.equals;
      if (!isShown || (isEmpty && !separated && to < end)) return this.#hideParameters(from, end);
      if (!separated) return to;
      from = to + 1;
    }
    return end;
  }

  /** From the first secret value on only a separator ends a value: a raw password may hold white space and quotes. */
  #hideParameters(begin: number, end: number): number {
    const { text } = this.#marked;
    let hidden = begin;
    for (let from = begin; from < end; ) {
      let to = from;
      while (to < end && !isSeparator(text.charCodeAt(to))) {
        to++;
      }
      const shown = this.#shownUpTo(from, to);
      if (shown > from) {
        this.#marked.hide(hidden, from - 1);
        hidden = shown === to ? to + 1 : shown;
      }
      from = to + 1;
    }
    return this.#hideTo(Math.min(hidden, end), end);
  }

  #shownPairEnd(from: number, end: number): number {
    const { text } = this.#marked;
    let index = from;
    while (index < end) {
      const code = text.charCodeAt(index);
      if (isSeparator(code) || endsAddress(code) || this.#end.isPunctuation(index, end)) break;
      index++;
    }
    return index;
  }

  /** How much of a pair may be shown: all of it, its name with the `=`, or nothing. */
  #shownUpTo(from: number, to: number): number {
    if (to === from) return to;
    if (to - from < shortestParameter) return from;
    if (this.#marked.isHidden(from, to)) return to;
    const pair = this.#marked.text.slice(from, Math.min(to, from + longestParameter));
    const equals = pair.indexOf('=');
    const name = (equals < 0 ? pair : pair.slice(0, equals)).toLowerCase();
    if (!shownParameters.has(name)) return from;
    if (equals < 0) return to - from === name.length ? to : from;
    const value = from + equals + 1;
    const whole = to - from === pair.length && isShownPair(name, pair.slice(equals + 1));
    return whole || this.#marked.isHidden(value, to) ? to : value;
  }
}
