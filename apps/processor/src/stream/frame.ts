/** A decoded frame of a room: `data` is rgb24, `width` × `height` × 3 bytes, letterboxed from `displayed`. */
export interface Frame {
  readonly sourceId: number;
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Size of the displayed frame: square pixels, rotated as the room's `view` demands. */
  readonly displayed: { readonly width: number; readonly height: number };
  /** Counts up per stream, also across restarts. */
  readonly sequence: number;
  /** Wall clock and monotonic time at which its packet came, or, where packets are not kept, at which it left ffmpeg, ms. */
  readonly wallMs: number;
  readonly monotonicMs: number;
}
