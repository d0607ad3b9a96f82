/**
 * Cuts ffmpeg's raw video into pictures: chunks of any size in, whole frames out. Each byte is copied once.
 *
 * Frames lie in a ring of three buffers: one that is being filled, the newest and the one before it. A frame handed
 * out stays whole until two more have come, which is why a model host takes its copy at once.
 */
export class FrameReader {
  private readonly ring: readonly Buffer[];
  private readonly onFrame: (data: Buffer) => void;
  private slot = 0;
  private filled = 0;

  constructor(options: { readonly frameBytes: number; readonly onFrame: (data: Buffer) => void }) {
    const { frameBytes, onFrame } = options;
    this.ring = [0, 1, 2].map(() => Buffer.allocUnsafeSlow(frameBytes));
    this.onFrame = onFrame;
  }

  push(chunk: Uint8Array): void {
    let taken = 0;
    while (taken < chunk.length) {
      const target = this.ring[this.slot] as Buffer;
      const part = Math.min(chunk.length - taken, target.length - this.filled);
      target.set(part === chunk.length ? chunk : chunk.subarray(taken, taken + part), this.filled);
      this.filled += part;
      taken += part;
      if (this.filled < target.length) return;
      this.filled = 0;
      this.slot = (this.slot + 1) % this.ring.length;
      this.onFrame(target);
    }
  }
}
