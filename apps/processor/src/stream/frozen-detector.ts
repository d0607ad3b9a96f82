/** Notices a camera that sends the same frame again and again (a stuck encoder, a hung relay). */
export class FrozenDetector {
  readonly #afterMs: number;
  #last: Buffer | undefined;
  #sameSince: number | undefined;

  /** `afterMs` of identical frames count as frozen; 0 = never. */
  constructor(options: { readonly afterMs: number }) {
    this.#afterMs = options.afterMs;
  }

  /** Takes a frame and its monotonic time, ms; true while the camera is frozen. Keeps a copy of the last one that differed. */
  observe(data: Buffer, atMs: number): boolean {
    if (this.#afterMs <= 0) return false;
    if (this.#last?.equals(data)) {
      this.#sameSince ??= atMs;
      return atMs - this.#sameSince >= this.#afterMs;
    }
    this.#last ??= Buffer.allocUnsafeSlow(data.length);
    data.copy(this.#last);
    this.#sameSince = atMs;
    return false;
  }
}
