import type { PacketBlock } from '../stream/packet-blocks.ts';

/** One packet of a camera, as it was sent: one encoded frame. */
export interface Packet {
  /** Written over some time after the packet was forgotten: what is used later must be copied (`copyOf`). */
  readonly data: Buffer;
  /** Where the data is; undefined: in memory of its own. */
  readonly block: PacketBlock | undefined;
  /** ffmpeg's flag: a decoder may begin here, though perhaps not show a frame at once. */
  readonly key: boolean;
  /** When it came, monotonic ms. */
  readonly receivedMs: number;
}

/** Returns a packet that stays valid. */
export function copyOf({ data, key, receivedMs }: Packet): Packet {
  return { data: Buffer.from(data), block: undefined, key, receivedMs };
}
