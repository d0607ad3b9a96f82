/**
 * Measures the time between arrivals (of frames, of key frames): the second longest of the last five gaps, of the first
 * three the longest. One that was lost does not show, nor do arrivals close together: the slices of one frame, which some
 * streams have as several key frames.
 */
export class ArrivalInterval {
  readonly #gaps: number[] = [];
  #last: number | undefined;

  /** One came at this monotonic time, ms. One that is reported after a later one (it took long to decode) does not count. */
  arrived(atMs: number): void {
    if (this.#last !== undefined && atMs < this.#last) return;
    if (this.#last !== undefined) {
      this.#gaps.push(atMs - this.#last);
    }
    if (this.#gaps.length > keptGaps) {
      this.#gaps.shift();
    }
    this.#last = atMs;
  }

  /** The stream was interrupted: the time to the next arrival does not count as an interval. */
  interrupted(): void {
    this.#last = undefined;
  }

  /** Milliseconds; undefined until two in a row were seen. */
  get ms(): number | undefined {
    const sorted = [...this.#gaps].sort((a, b) => a - b);
    return sorted.at(sorted.length > 3 ? -2 : -1);
  }
}

const keptGaps = 5;
