/** One packet of a camera, as it was sent: one encoded frame. */
export interface Packet {
  readonly data: Buffer;
  /** ffmpeg's flag: a decoder may begin here, though perhaps not show a frame at once. */
  readonly key: boolean;
  /** When it came, monotonic ms. */
  readonly receivedMs: number;
}
