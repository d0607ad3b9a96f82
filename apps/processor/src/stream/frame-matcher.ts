import type { FrameInfo } from './ffmpeg-messages.ts';

/** Frames that may wait for their description: the reader's ring keeps two (`frame-reader.ts`). */
const keptFrames = 2;

/** Frames that came without a description are forgotten after this many: something else is wrong then. */
const mostWaiting = 1000;

/**
 * Matches each frame with ffmpeg's line about it. They come in the same order, but on two pipes, of which either
 * may be ahead: after a camera changed its size only the order shows which frame has which.
 */
export class FrameMatcher {
  readonly #onFrame: (data: Buffer, info: FrameInfo) => void;
  readonly #infos: FrameInfo[] = [];
  /** undefined: its buffer is used again by now. */
  readonly #frames: (Buffer | undefined)[] = [];

  constructor(options: { readonly onFrame: (data: Buffer, info: FrameInfo) => void }) {
    this.#onFrame = options.onFrame;
  }

  frame(data: Buffer): void {
    this.#frames.push(data);
    if (this.#frames.length > keptFrames) {
      this.#frames[this.#frames.length - 1 - keptFrames] = undefined;
    }
    if (this.#frames.length > mostWaiting) {
      this.#frames.length = 0;
    }
    this.#match();
  }

  info(info: FrameInfo): void {
    this.#infos.push(info);
    this.#match();
  }

  #match(): void {
    while (this.#infos.length > 0 && this.#frames.length > 0) {
      const [info, data] = [this.#infos.shift(), this.#frames.shift()];
      if (info !== undefined && data !== undefined) {
        this.#onFrame(data, info);
      }
    }
  }
}
