/** Opening the full decode of a camera beside its key frames takes so long: a burst begins so much after it was asked for. */
const burstLateSeconds = 3;

/**
 * When a room is looked at: at its rate, and more often while a burst runs. A burst lasts its whole time from its first picture
 * on, as the product's does (apps/processor/src/room/burst.ts). Until then the product looks at the key frames that come;
 * here nothing is looked at meanwhile but what is due anyway.
 */
export class Rhythm {
  #from = Number.POSITIVE_INFINITY;
  #to = Number.POSITIVE_INFINITY;
  #burstFps = 0;
  readonly #fps: number;

  constructor(fps: number) {
    this.#fps = fps;
  }

  /** @param at second of the request; one that comes while a burst runs prolongs it */
  burst(at: number, effect: { readonly fps: number; readonly seconds: number }): void {
    this.#from = this.#isBursting(at) ? at : at + burstLateSeconds;
    this.#to = this.#from + effect.seconds;
    this.#burstFps = effect.fps;
  }

  /** The second of the next look after one at `at`. */
  next(at: number): number {
    const regular = at + 1 / this.#fps;
    if (this.#burstFps <= this.#fps) return regular;
    if (this.#isBursting(at)) return Math.min(regular, at + 1 / this.#burstFps);
    return this.#from > at ? Math.min(regular, this.#from) : regular;
  }

  #isBursting(at: number): boolean {
    return at >= this.#from && at < this.#to;
  }
}
