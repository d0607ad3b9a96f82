import type { PipeReader } from './own-pipe.ts';

/**
 * Cuts ffmpeg's raw video into frames: bytes are read to where they belong, whole frames come out. Nothing is copied.
 *
 * Frames lie in a ring of three buffers: one that is being filled, the newest and the one before it. A frame handed
 * out stays whole until two more have come, which is why a model host takes its copy at once.
 */
export class FrameReader implements PipeReader {
  readonly #ring: readonly Buffer[];
  readonly #onFrame: (data: Buffer) => void;
  #slot = 0;
  #filled = 0;

  constructor(options: { readonly frameBytes: number; readonly onFrame: (data: Buffer) => void }) {
    const { frameBytes, onFrame } = options;
    this.#ring = [0, 1, 2].map(() => Buffer.allocUnsafeSlow(frameBytes));
    this.#onFrame = onFrame;
  }

  freeSpace(): Buffer {
    return this.#current.subarray(this.#filled);
  }

  filled(bytes: number): void {
    this.#filled += bytes;
    const current = this.#current;
    if (this.#filled < current.length) return;
    this.#filled = 0;
    this.#slot = (this.#slot + 1) % this.#ring.length;
    this.#onFrame(current);
  }

  get #current(): Buffer {
    return this.#ring[this.#slot] as Buffer;
  }
}
