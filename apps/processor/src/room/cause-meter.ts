/**
 * Divides what a growing counter counts (ms of a clock, ms that a room was unwatched) among causes: whatever is added while a
 * cause is in force is that cause's.
 */
export class CauseMeter<Cause extends string> {
  readonly #total: Partial<Record<Cause, number>> = {};
  #cause: Cause | undefined;
  #counted = 0;

  /** This cause is in force from this count on; undefined: what is counted from now on has none. */
  set(cause: Cause | undefined, count: number): void {
    this.#settle(count);
    this.#cause = cause;
  }

  /** What each cause has had so far. */
  totals(count: number): Readonly<Partial<Record<Cause, number>>> {
    this.#settle(count);
    return { ...this.#total };
  }

  #settle(count: number): void {
    const grown = count - this.#counted;
    this.#counted = count;
    if (this.#cause !== undefined && grown > 0) {
      this.#total[this.#cause] = (this.#total[this.#cause] ?? 0) + grown;
    }
  }
}
