import { type AnnexBCodec, nalType } from './access-units.ts';

const largestPayload = 1300;

/** Packs one picture into RTP packets: single NAL units and fragments (RFC 6184 §5.6 and §5.8, RFC 7798 §4.4.1 and §4.4.3). */
export function rtpPackets(
  nals: readonly Buffer[],
  options: { readonly codec: AnnexBCodec; readonly timestamp: number; readonly sequence: number },
): Buffer[] {
  const payloads = nals.flatMap((nal) => payloadsOf(nal, options.codec));
  return payloads.map((payload, index) => {
    const header = Buffer.alloc(12);
    header[0] = 0x80;
    header[1] = 96 | (index === payloads.length - 1 ? 0x80 : 0);
    header.writeUInt16BE((options.sequence + index) & 0xffff, 2);
    header.writeUInt32BE(options.timestamp, 4);
    header.writeUInt32BE(0x1234, 8);
    return Buffer.concat([header, payload]);
  });
}

function payloadsOf(nal: Buffer, codec: AnnexBCodec): Buffer[] {
  if (nal.length <= largestPayload) return [nal];
  const headerLength = codec === 'hevc' ? 2 : 1;
  const body = nal.subarray(headerLength);
  const fragments: Buffer[] = [];
  for (let at = 0; at < body.length; at += largestPayload) {
    const flags = (at === 0 ? 0x80 : 0) | (at + largestPayload >= body.length ? 0x40 : 0);
    const part = body.subarray(at, at + largestPayload);
    fragments.push(Buffer.concat([fragmentHeader(nal, codec, flags), part]));
  }
  return fragments;
}

function fragmentHeader(nal: Buffer, codec: AnnexBCodec, flags: number): Buffer {
  const [first = 0, second = 0] = nal;
  const type = nalType(nal, codec);
  return codec === 'hevc'
    ? Buffer.from([(first & 0x81) | (49 << 1), second, flags | type])
    : Buffer.from([(first & 0xe0) | 28, flags | type]);
}
