import { char } from './characters.ts';

export const stars = '***';

/** A longer text is copied into one piece first: what was put together of parts is read at half the speed. */
const longestInParts = 512;

/**
 * A text of which parts are replaced by stars, from left to right. A line feed stands before and behind it, so that every
 * neighbour of a character can be looked at: the text is at 1 to `length`.
 */
export class MarkedText {
  /** With its line feeds. */
  readonly text: string;
  readonly length: number;
  readonly #original: string;
  /** What is shown between the hidden parts. */
  readonly #shown: string[] = [];
  /** Up to here `#shown` is complete. */
  #done = 1;

  constructor(text: string) {
    this.text = inOnePiece(`\n${text}\n`);
    this.length = text.length;
    this.#original = text;
  }

  /** Replaces `[from, to)`, which lies behind everything that was replaced before. */
  hide(from: number, to: number): void {
    if (to <= from || this.isHidden(from, to)) return;
    this.#shown.push(this.#original.slice(this.#done - 1, from - 1));
    this.#done = to;
  }

  /** Whether there are stars already. */
  isHidden(from: number, to: number): boolean {
    return to - from === stars.length && this.text.startsWith(stars, from);
  }

  /** The text with its stars; undefined where nothing was hidden. */
  result(): string | undefined {
    if (this.#shown.length === 0) return undefined;
    this.#shown.push(this.#original.slice(this.#done - 1));
    return this.#shown.join(stars);
  }

  /** The first index from `index` on that holds no backslash: JSON escapes quotes and slashes, once for each nesting. */
  afterBackslashes(index: number): number {
    const { text } = this;
    let at = index;
    while (text.charCodeAt(at) === char.backslash) {
      at++;
    }
    return at;
  }

  /** The index behind the last character before `index` that is not a backslash. */
  beforeBackslashes(index: number): number {
    const { text } = this;
    let at = index;
    while (text.charCodeAt(at - 1) === char.backslash) {
      at--;
    }
    return at;
  }
}

function inOnePiece(text: string): string {
  if (text.length <= longestInParts) return text;
  const isAscii = Buffer.byteLength(text) === text.length;
  const encoding = isAscii ? 'latin1' : 'utf16le';
  return Buffer.from(text, encoding).toString(encoding);
}
