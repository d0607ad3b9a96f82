import { AccessUnitWriter, type AccessUnitWriterOptions } from './access-unit-writer.ts';
import { RtspError } from './rtsp-error.ts';
import { unitKind, unitType } from './unit-types.ts';

const fixedHeader = 12;
/** Aggregation and fragmentation units: H.264 (RFC 6184, table 1) and H.265 (RFC 7798, 4.4). */
const h264Types = { aggregate: 24, fragment: 28, unsupported: [25, 26, 27, 29] } as const;
const hevcTypes = { aggregate: 48, fragment: 49, unsupported: [50] } as const;
/** A gap weighs as much as so many packets in sequence; with so much weight the numbers of a camera mean nothing. */
const gapWeight = 20;
const mostGapWeight = 4000;

/** Puts the RTP packets of a video track together to frames (RFC 3550, 5.1; RFC 6184; RFC 7798). */
export class Depacketizer {
  readonly #codec: 'h264' | 'hevc';
  readonly #payloadType: number;
  readonly #headerBytes: number;
  readonly #types: typeof h264Types | typeof hevcTypes;
  readonly #writer: AccessUnitWriter;
  #sequence: number | undefined;
  #timestamp: number | undefined;
  #fragmented = false;
  #gaps = 0;
  /** The last frame was ended by its marker, and this is its time stamp. */
  #endedTimestamp: number | undefined;
  /** Some cameras set the marker on each slice: then the next time stamp ends a frame. */
  #markerIsUseless = false;

  constructor(options: AccessUnitWriterOptions & { readonly payloadType: number }) {
    this.#codec = options.codec;
    this.#payloadType = options.payloadType;
    this.#headerBytes = options.codec === 'h264' ? 1 : 2;
    this.#types = options.codec === 'h264' ? h264Types : hevcTypes;
    this.#writer = new AccessUnitWriter(options);
  }

  get size(): AccessUnitWriter['size'] {
    return this.#writer.size;
  }

  /** Takes the packet between two places of `memory`. @throws RtspError `unsupported` */
  packet(memory: Buffer, from: number, to: number): void {
    const payload = this.#payload(memory, from, to);
    if (payload === undefined) return;
    this.#follow(memory.readUInt16BE(from + 2));
    this.#changeFrame(memory.readUInt32BE(from + 4));
    if (payload.from < payload.to) {
      this.#unpack(memory, payload.from, payload.to);
    }
    if (((memory[from + 1] ?? 0) & 0x80) !== 0 && !this.#markerIsUseless) {
      this.#endedTimestamp = this.#timestamp;
      this.#endFrame();
    }
  }

  /** Something was lost. */
  damage(): void {
    this.#fragmented = false;
    this.#writer.damage();
  }

  /** Without header and padding, perhaps nothing; undefined: it is not a packet of the track. */
  #payload(memory: Buffer, from: number, to: number): { readonly from: number; readonly to: number } | undefined {
    const first = memory[from] ?? 0;
    if (to - from < fixedHeader || first >> 6 !== 2 || ((memory[from + 1] ?? 0) & 0x7f) !== this.#payloadType) {
      return undefined;
    }
    let begin = from + fixedHeader + 4 * (first & 0x0f);
    if ((first & 0x10) !== 0 && begin + 4 <= to) {
      begin += 4 + 4 * memory.readUInt16BE(begin + 2);
    }
    const padding = (first & 0x20) === 0 ? 0 : (memory[to - 1] ?? 0);
    return { from: begin, to: to - padding };
  }

  #follow(sequence: number): void {
    const inSequence = this.#sequence === undefined || sequence === ((this.#sequence + 1) & 0xffff);
    this.#sequence = sequence;
    this.#gaps = Math.max(0, this.#gaps + (inSequence ? -1 : gapWeight));
    if (inSequence) return;
    this.damage();
    if (this.#gaps > mostGapWeight)
      throw new RtspError('unsupported', 'the numbers of RTP packets are not in sequence');
  }

  #changeFrame(timestamp: number): void {
    if (this.#timestamp !== undefined && timestamp !== this.#timestamp) {
      this.#endFrame();
    }
    this.#timestamp = timestamp;
  }

  #endFrame(): void {
    this.#writer.endFrame();
    this.#fragmented = false;
  }

  #unpack(memory: Buffer, from: number, to: number): void {
    const type = unitType(this.#codec, memory[from] ?? 0);
    const types = this.#types;
    if (type === types.fragment) {
      this.#fragment(memory, from, to);
    } else if (type === types.aggregate) {
      this.#aggregate(memory, from + this.#headerBytes, to);
    } else if ((types.unsupported as readonly number[]).includes(type)) {
      throw new RtspError('unsupported', `RTP packets of the type ${type}`);
    } else {
      this.#unit(memory, from, to);
    }
  }

  #unit(memory: Buffer, from: number, to: number): void {
    const type = unitType(this.#codec, memory[from] ?? 0);
    this.#noteSlice(type, memory[from + this.#headerBytes] ?? 0);
    this.#writer.beginUnit(type);
    this.#writer.append(memory, from, to);
    this.#writer.endUnit();
    this.#fragmented = false;
  }

  #aggregate(memory: Buffer, from: number, to: number): void {
    for (let at = from; at + 2 <= to; ) {
      const end = at + 2 + memory.readUInt16BE(at);
      if (end > to) {
        this.damage();
        return;
      }
      if (end > at + 2) {
        this.#unit(memory, at + 2, end);
      }
      at = end;
    }
  }

  /** The header of a fragmented unit is put together of the packet's header and the fragment's. */
  #fragment(memory: Buffer, from: number, to: number): void {
    const at = from + this.#headerBytes;
    if (at >= to) return;
    const flags = memory[at] ?? 0;
    if ((flags & 0x80) !== 0) {
      const type = flags & (this.#codec === 'h264' ? 0x1f : 0x3f);
      this.#noteSlice(type, memory[at + 1] ?? 0);
      this.#writer.beginUnit(type, this.#headerOf(memory, from, type));
      this.#fragmented = true;
    } else if (!this.#fragmented) {
      this.damage();
      return;
    }
    this.#writer.append(memory, at + 1, to);
    if ((flags & 0x40) !== 0) {
      this.#writer.endUnit();
      this.#fragmented = false;
    }
  }

  #headerOf(memory: Buffer, from: number, type: number): readonly number[] {
    const [first = 0, second = 0] = [memory[from], memory[from + 1]];
    return this.#codec === 'h264' ? [(first & 0xe0) | type] : [(first & 0x81) | (type << 1), second];
  }

  /** A slice that is not its frame's first one comes after the end of that frame: the marker does not end frames. */
  #noteSlice(type: number, afterHeader: number): void {
    if (this.#endedTimestamp === undefined) return;
    const kind = unitKind(this.#codec, type);
    if (kind !== 'slice' && kind !== 'key') return;
    // the first bit marks the first slice, in both codecs
    if (this.#endedTimestamp === this.#timestamp && (afterHeader & 0x80) === 0) {
      this.#markerIsUseless = true;
      this.damage();
    }
    this.#endedTimestamp = undefined;
  }
}
