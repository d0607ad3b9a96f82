import { char } from './characters.ts';

export const stars = '***';

/**
 * A text of which parts are replaced by stars, from left to right. A line feed stands before and behind it, so that every
 * neighbour of a character can be looked at: the text is at 1 to `length`.
 */
export class MarkedText {
  /** With its line feeds. */
  readonly text: string;
  readonly length: number;
  #shown = '';
  /** Up to here `#shown` is complete. */
  #done = 1;

  constructor(text: string) {
    this.text = `\n${text}\n`;
    this.length = text.length;
  }

  /** Replaces `[from, to)`, which lies behind everything that was replaced before. */
  hide(from: number, to: number): void {
    if (to <= from || this.isHidden(from, to)) return;
    this.#shown += this.text.slice(this.#done, from) + stars;
    this.#done = to;
  }

  /** Whether there are stars already. */
  isHidden(from: number, to: number): boolean {
    return to - from === stars.length && this.text.startsWith(stars, from);
  }

  /** The text with its stars; undefined where nothing was hidden. */
  result(): string | undefined {
    return this.#done === 1 ? undefined : this.#shown + this.text.slice(this.#done, this.length + 1);
  }

  /** The first index from `index` on that holds no backslash: JSON escapes quotes and slashes, once for each nesting. */
  afterBackslashes(index: number): number {
    const { text } = this;
    let at = index;
    while (text.charCodeAt(at) === char.backslash) at++;
    return at;
  }

  /** The index behind the last character before `index` that is no backslash. */
  beforeBackslashes(index: number): number {
    const { text } = this;
    let at = index;
    while (text.charCodeAt(at - 1) === char.backslash) at--;
    return at;
  }
}
