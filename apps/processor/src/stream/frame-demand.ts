/** A room is looked at this often at least, ms, so that a frozen or covered camera is noticed in time at any rate. */
const longestMs = 10_000;

/** Decides which keyframes of a room are decoded. Times are monotonic, ms. */
export class FrameDemand {
  #intervalMs = 0;
  #dueMs = Number.NEGATIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;

  /** A frame is wanted this often; 0: as often as one comes. A shorter interval counts from the last frame. */
  setInterval(intervalMs: number): void {
    const wantedMs = Math.min(intervalMs, longestMs);
    if (wantedMs === this.#intervalMs) return;
    this.#intervalMs = wantedMs;
    this.#dueMs = this.#lastMs + wantedMs;
  }

  /** The next keyframe is wanted, whenever it comes. */
  setDueNow(): void {
    this.#dueMs = Number.NEGATIVE_INFINITY;
  }

  /** Whether the keyframe that came now is the one that is nearest to the due time, if the next one comes after `keyframeIntervalMs`. */
  due(nowMs: number, keyframeIntervalMs: number): boolean {
    return nowMs + keyframeIntervalMs / 2 > this.#dueMs;
  }

  /** A frame of this time was decoded: the next is due one interval later on the same beat, or from now on where the beat was lost. */
  served(atMs: number): void {
    const onBeat = Math.abs(atMs - this.#dueMs) < this.#intervalMs;
    this.#lastMs = atMs;
    this.#dueMs = (onBeat ? this.#dueMs : atMs) + this.#intervalMs;
  }
}
