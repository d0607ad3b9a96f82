import { H264Quantiser } from './h264-quantiser.ts';
import { H265Quantiser } from './h265-quantiser.ts';

/** What the headers of one packet show. */
export interface PacketFacts {
  /** Bytes of its slices. */
  readonly bytes: number;
  /** Of its first slice. */
  readonly quantiser: number;
}

/** Reads size and quantiser of packets without decoding them: H.264 and H.265 in Annex B form. */
export class PacketQuantiser {
  readonly #codec: 'h264' | 'hevc';
  readonly #units: H264Quantiser | H265Quantiser;

  constructor(codec: 'h264' | 'hevc') {
    this.#codec = codec;
    this.#units = codec === 'h264' ? new H264Quantiser() : new H265Quantiser();
  }

  /** Returns what one packet (an access unit) holds; undefined where its headers cannot be read. Never throws. */
  take(packet: Uint8Array): PacketFacts | undefined {
    let bytes = 0;
    let quantiser: number | undefined;
    for (const unit of nalUnits(packet)) {
      if (isSlice(this.#codec, unit)) {
        bytes += unit.length;
        if (quantiser !== undefined) continue;
      }
      quantiser ??= this.#read(unit);
    }
    return quantiser === undefined ? undefined : { bytes, quantiser };
  }

  #read(unit: Uint8Array): number | undefined {
    try {
      return this.#units.take(unit);
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }
}

function isSlice(codec: 'h264' | 'hevc', unit: Uint8Array): boolean {
  const [header = 0xff] = unit;
  return codec === 'h264' ? [1, 5].includes(header & 0x1f) : ((header >> 1) & 0x3f) <= 31;
}

const startCode = Buffer.from([0, 0, 1]);

/** The NAL units of an access unit, without their start codes. */
function* nalUnits(packet: Uint8Array): Generator<Uint8Array> {
  const data = Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength);
  let from = data.indexOf(startCode);
  while (from >= 0) {
    const begin = from + startCode.length;
    const next = data.indexOf(startCode, begin);
    yield data.subarray(begin, next < 0 ? data.length : next);
    from = next;
  }
}
