/** A camera that sent nothing for this long is not receiving any more, ms. */
const stillReceivingMs = 3000;
/** A keyframe packet that gave no frame within this time cannot be decoded alone, ms. */
const decodedWithinMs = 2000;
/** A first keyframe is waited for this long where their interval is not known, ms. */
const joiningMs = 6500;
/** After the first one: shorter than the time after which a room counts as blind, ms. */
const sparseMs = 8000;
/** HEVC decoders show frames whose references are missing as grey smears; where no keyframe comes at all they fade in this time, ms. */
const smearedMs = 10_000;

/** Follows what a camera sends, and what of it could be decoded, since ffmpeg was opened. Times are monotonic, ms. */
export class Reception {
  #firstPacketMs: number | undefined;
  #packetMs: number | undefined;
  #frameMs: number | undefined;
  /** The first keyframe packet since the last frame. */
  #undecodedKeyMs: number | undefined;
  #smearSinceMs: number | undefined;
  #clear = false;

  packet(key: boolean, atMs: number): void {
    this.#firstPacketMs ??= atMs;
    this.#packetMs = atMs;
    if (key) {
      this.#undecodedKeyMs ??= atMs;
    }
  }

  frame(atMs: number): void {
    this.#frameMs = Math.max(this.#frameMs ?? atMs, atMs);
    this.#undecodedKeyMs = undefined;
  }

  receiving(nowMs: number): boolean {
    return this.#packetMs !== undefined && nowMs - this.#packetMs <= stillReceivingMs;
  }

  /** For how long the camera has been sending without a frame, ms; 0 while it does not send. */
  barrenMs(nowMs: number): number {
    const since = this.#frameMs ?? this.#firstPacketMs;
    return since !== undefined && this.receiving(nowMs) ? nowMs - since : 0;
  }

  /**
   * Whether decoding keyframes alone does not work: `undecodable` where keyframes come and give no frame, `absent` where none comes or
   * too little is known yet. A decoder may hold a keyframe back until as many others came as there are reordered frames (three at
   * most in practice).
   * @param intervalMs time between keyframes, where it was measured before
   */
  keyframesFail(nowMs: number, intervalMs: number | undefined): 'undecodable' | 'absent' | undefined {
    const reorderedMs = 3 * (intervalMs ?? 0);
    const patienceMs = this.#frameMs === undefined ? joiningMs + reorderedMs : Math.max(sparseMs, reorderedMs);
    if (this.barrenMs(nowMs) < patienceMs) return undefined;
    const proven = this.#frameMs === undefined ? intervalMs !== undefined : this.#hasUndecodedKey(nowMs);
    return proven ? 'undecodable' : 'absent';
  }

  /** Whether a frame of full decode is a smear: it was built on references that came before ffmpeg was opened. */
  smeared(frame: { readonly codec: string; readonly key: boolean }, atMs: number): boolean {
    if (frame.codec !== 'hevc' || frame.key || this.#clear) {
      this.#clear = true;
      return false;
    }
    this.#smearSinceMs ??= atMs;
    this.#clear = atMs - this.#smearSinceMs >= smearedMs;
    return !this.#clear;
  }

  #hasUndecodedKey(nowMs: number): boolean {
    return this.#undecodedKeyMs !== undefined && nowMs - this.#undecodedKeyMs >= decodedWithinMs;
  }
}
