/** A failure weighs as much as so many successes. */
const failureWeight = 3;
/** Three failures in a row, or more than a fourth of all. */
const lostAt = 3 * failureWeight;
/** For how long every frame is decoded then, ms; twice as long each time. */
const firstPauseMs = 600_000;
const longestPauseMs = 86_400_000;

/**
 * Whether the keyframes of a camera are decoded one at a time by decoders that rooms share. Where that fails though a decoder of the
 * room's own can do it, it is given up for a while. Times are monotonic, ms.
 */
export class KeyframeTrust {
  #failures = 0;
  #pauseMs = firstPauseMs;
  #untilMs = Number.NEGATIVE_INFINITY;

  /** It was given up, and not for long enough yet. */
  isLost(nowMs: number): boolean {
    return nowMs < this.#untilMs;
  }

  worked(): void {
    this.#failures = Math.max(0, this.#failures - 1);
    if (this.#failures === 0) {
      this.#pauseMs = firstPauseMs;
    }
  }

  /** Returns for how long it is given up, ms; undefined: it is not, yet. The first failure of the next attempt is enough. */
  failed(nowMs: number): number | undefined {
    this.#failures += failureWeight;
    if (this.#failures < lostAt) return undefined;
    const pauseMs = this.#pauseMs;
    this.#failures = lostAt - failureWeight;
    this.#untilMs = nowMs + pauseMs;
    this.#pauseMs = Math.min(2 * pauseMs, longestPauseMs);
    return pauseMs;
  }
}
