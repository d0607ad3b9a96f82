/** Weight of the newest measure. */
const smoothing = 0.3;
/** One measure, such as that of a host that had to be replaced, counts for no more than this many times what is usual. */
const most = 2;

/** How long something usually takes: the smoothed mean of how long it took. */
export class UsualTime {
  #smoothed: number | undefined;

  /** undefined before the first measure. */
  get ms(): number | undefined {
    return this.#smoothed;
  }

  took(ms: number): void {
    const before = this.#smoothed;
    this.#smoothed = before === undefined ? ms : before + smoothing * (Math.min(ms, most * before) - before);
  }
}
