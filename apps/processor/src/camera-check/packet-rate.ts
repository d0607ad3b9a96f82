/** Cameras and relays send what they have kept for a new reader at once: it does not count, ms. */
const burstMs = 1500;
const leastMs = 2000;

/** Measures how many frames per second a camera really sends, by its packets before they are decoded. */
export class PacketRate {
  #openedMs: number | undefined;
  #lastMs: number | undefined;
  #spanMs = 0;
  #intervals = 0;

  /** Another session with the camera begins: the pause before it does not count. */
  restart(): void {
    this.#openedMs = undefined;
    this.#lastMs = undefined;
  }

  /** One came at this monotonic time, ms. */
  packet(atMs: number): void {
    this.#openedMs ??= atMs;
    if (atMs - this.#openedMs < burstMs) return;
    if (this.#lastMs !== undefined) {
      this.#spanMs += atMs - this.#lastMs;
      this.#intervals++;
    }
    this.#lastMs = atMs;
  }

  /** undefined until packets came for two seconds. */
  get perSecond(): number | undefined {
    return this.#spanMs < leastMs ? undefined : (this.#intervals * 1000) / this.#spanMs;
  }
}
