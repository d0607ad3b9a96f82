import type { Packet } from './packet.ts';

/** Codecs whose packets are kept; others are received and decoded by one ffmpeg. */
const packetCodecs = ['h264', 'hevc', 'mjpeg'] as const;
export type PacketCodec = (typeof packetCodecs)[number];

export function isPacketCodec(codec: string): codec is PacketCodec {
  return (packetCodecs as readonly string[]).includes(codec);
}

/** H.264, 7.4.1, table 7-1. */
const h264 = { slice: 1, idr: 5 } as const;
/** H.265, 7.4.2.2, table 7-1: intra random access points are 16 to 21; 22 and 23 are reserved. */
const hevc = { lastSlice: 31, firstAccess: 16, lastAccess: 21 } as const;

/**
 * Whether a packet alone gives a frame: an IDR picture (H.264), an intra random access point (H.265) or a JPEG. Other packets that
 * ffmpeg marks as keyframes (recovery points of open groups of pictures, intra refresh) need what came before or comes after.
 */
export function decodesAlone(codec: PacketCodec, data: Buffer): boolean {
  if (codec === 'mjpeg') return true;
  for (const type of nalTypes(codec, data)) {
    if (codec === 'h264' && type >= h264.slice && type <= h264.idr) return type === h264.idr;
    if (codec === 'hevc' && type <= hevc.lastSlice) return type >= hevc.firstAccess && type <= hevc.lastAccess;
  }
  return false;
}

/** Whether decoding can begin with a packet: it is a keyframe, and alone gives a frame. */
export function canBegin(
  track: { readonly codec: PacketCodec } | undefined,
  packet: Pick<Packet, 'key' | 'data'>,
): boolean {
  return packet.key && track !== undefined && decodesAlone(track.codec, packet.data);
}

/** Types of the NAL units of an access unit in Annex B form, in their order. */
function* nalTypes(codec: 'h264' | 'hevc', data: Buffer): Generator<number> {
  for (let at = nextUnit(data, 0); at < data.length; at = nextUnit(data, at)) {
    const header = data[at] ?? 0;
    yield codec === 'h264' ? header & 0x1f : (header >> 1) & 0x3f;
  }
}

const startCode = Buffer.from([0, 0, 1]);

/** Index of the first byte after the next start code; the length of the data where there is none. */
function nextUnit(data: Buffer, from: number): number {
  const at = data.indexOf(startCode, from);
  return at < 0 ? data.length : at + startCode.length;
}
