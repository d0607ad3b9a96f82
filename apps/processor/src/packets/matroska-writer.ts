import type { PacketTrack } from '../stream/packet-lines.ts';
import type { PacketCodec } from './nal-units.ts';

/**
 * Writes packets as Matroska (RFC 9559), which a decoder reads without delay: each packet is whole, has a time stamp of its own,
 * and needs no parser. ffmpeg reads Annex B where the track has no `CodecPrivate`.
 */
const codecIds: Readonly<Record<PacketCodec, string>> = {
  h264: 'V_MPEG4/ISO/AVC',
  hevc: 'V_MPEGH/ISO/HEVC',
  mjpeg: 'V_MJPEG',
};

/** Ids of RFC 9559, section 5.1, and RFC 8794, section 11.2. */
const ids = {
  ebml: '1a45dfa3',
  docType: '4282',
  docTypeVersion: '4287',
  docTypeReadVersion: '4285',
  segment: '18538067',
  info: '1549a966',
  timestampScale: '2ad7b1',
  tracks: '1654ae6b',
  trackEntry: 'ae',
  trackNumber: 'd7',
  trackUid: '73c5',
  trackType: '83',
  codecId: '86',
  video: 'e0',
  pixelWidth: 'b0',
  pixelHeight: 'ba',
  displayWidth: '54b0',
  displayHeight: '54ba',
  displayUnit: '54b2',
  cluster: '1f43b675',
  timestamp: 'e7',
  simpleBlock: 'a3',
} as const;

const unknownSize = Buffer.from('01ffffffffffffff', 'hex');
const videoTrack = 1;
const displayUnitUnknown = 4;
const nanosecondsPerMs = 1_000_000;

/** Beginning of a stream with one video track. */
export function matroskaHeader(track: PacketTrack & { readonly codec: PacketCodec }): Buffer {
  const [sarWidth = 0, sarHeight = 0] = track.sar.split('/').map(Number);
  const shaped = sarWidth > 0 && sarHeight > 0 && sarWidth !== sarHeight;
  const display = shaped
    ? [number(ids.displayWidth, track.width * sarWidth), number(ids.displayHeight, track.height * sarHeight)]
    : [];
  // without a shape of its own the track would have square samples, whatever the parameter sets state
  const unknownShape = sarWidth > 0 && sarHeight > 0 ? [] : [number(ids.displayUnit, displayUnitUnknown)];
  const size = [number(ids.pixelWidth, track.width), number(ids.pixelHeight, track.height)];
  const entry = element(
    ids.trackEntry,
    number(ids.trackNumber, 1),
    number(ids.trackUid, 1),
    number(ids.trackType, videoTrack),
    element(ids.codecId, Buffer.from(codecIds[track.codec])),
    element(ids.video, ...size, ...display, ...unknownShape),
  );
  return Buffer.concat([
    element(
      ids.ebml,
      element(ids.docType, Buffer.from('matroska')),
      number(ids.docTypeVersion, 4),
      number(ids.docTypeReadVersion, 2),
    ),
    Buffer.from(ids.segment, 'hex'),
    unknownSize,
    element(ids.info, number(ids.timestampScale, nanosecondsPerMs)),
    element(ids.tracks, entry),
  ]);
}

/** What stands before the bytes of a packet: a cluster of its own, with its time stamp in ms. */
export function matroskaPacketHeader(packet: {
  readonly bytes: number;
  readonly key: boolean;
  readonly timestamp: number;
}): Buffer {
  const timestamp = number(ids.timestamp, packet.timestamp);
  // the number of the track, no time in relation to the cluster, and the flag of a keyframe
  const blockHeader = Buffer.from([0x81, 0, 0, packet.key ? 0x80 : 0]);
  const block = [Buffer.from(ids.simpleBlock, 'hex'), size(blockHeader.length + packet.bytes), blockHeader];
  const headerBytes = [timestamp, ...block].reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Buffer.from(ids.cluster, 'hex'), size(headerBytes + packet.bytes), timestamp, ...block]);
}

function element(id: string, ...parts: readonly Buffer[]): Buffer {
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Buffer.from(id, 'hex'), size(bytes), ...parts]);
}

function number(id: string, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return element(id, bytes);
}

/** A size in eight bytes, of which the first one shows that there are eight. */
function size(bytes: number): Buffer {
  const written = Buffer.alloc(8);
  written.writeBigUInt64BE(BigInt(bytes) | (1n << 56n));
  return written;
}
