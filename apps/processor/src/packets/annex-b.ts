import type { PacketCodec } from './nal-units.ts';

const longStartCode = Buffer.from([0, 0, 0, 1]);

/** What a configuration record holds: how many bytes a unit's length has, the parameter sets, and where the record ends. */
interface ConfigurationRecord {
  readonly lengthBytes: number;
  readonly parameterSets: Buffer;
  readonly end: number;
}

/**
 * Turns packets into Annex B form with the parameter sets before each keyframe. Cameras send that form; MP4 and FLV put the length
 * before each unit instead, and the parameter sets into a record that ffmpeg's `dump_extra` places before each keyframe
 * (ISO/IEC 14496-15, 5.3.3.1 and 8.3.3.1).
 */
export class AnnexB {
  readonly #codec: PacketCodec;
  #lengthBytes: number | undefined;

  constructor(codec: PacketCodec) {
    this.#codec = codec;
  }

  /** Returns the packet itself where nothing has to be changed, or where start codes can be put in the place of lengths. */
  convert(data: Buffer, key: boolean): Buffer {
    if (this.#codec === 'mjpeg') return data;
    // version 1 of the record; Annex B begins with zeros
    const record = key && data[0] === 1 ? readRecord(this.#codec, data) : undefined;
    if (record === undefined) {
      if (this.#lengthBytes === undefined) return data;
      return this.#lengthBytes === longStartCode.length ? putStartCodes(data) : withStartCodes(data, this.#lengthBytes);
    }
    this.#lengthBytes = record.lengthBytes;
    return Buffer.concat([record.parameterSets, withStartCodes(data.subarray(record.end), record.lengthBytes)]);
  }
}

/** Lengths that take as many bytes as a start code are written over. */
function putStartCodes(data: Buffer): Buffer {
  for (let at = 0; at + longStartCode.length <= data.length; ) {
    const bytes = data.readUInt32BE(at);
    longStartCode.copy(data, at);
    at += longStartCode.length + bytes;
  }
  return data;
}

function withStartCodes(data: Buffer, lengthBytes: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at + lengthBytes <= data.length; ) {
    const from = at + lengthBytes;
    const to = from + data.readUIntBE(at, lengthBytes);
    parts.push(longStartCode, data.subarray(from, to));
    at = to;
  }
  return Buffer.concat(parts);
}

function readRecord(codec: 'h264' | 'hevc', data: Buffer): ConfigurationRecord | undefined {
  try {
    return codec === 'h264' ? readAvcRecord(data) : readHevcRecord(data);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function readAvcRecord(data: Buffer): ConfigurationRecord {
  const lengthBytes = (data.readUInt8(4) & 3) + 1;
  const units: Buffer[] = [];
  let at = 5;
  for (const mask of [0x1f, 0xff]) {
    const count = data.readUInt8(at++) & mask;
    at = readUnits(data, at, count, units);
  }
  // High profiles: chroma format, bit depths, and extensions of the sequence parameter sets
  const highProfile = [100, 110, 122, 144].includes(data.readUInt8(1));
  if (highProfile && (data.readUInt8(at) & 0xfc) === 0xfc) {
    at = readUnits(data, at + 4, data.readUInt8(at + 3), units);
  }
  return { lengthBytes, parameterSets: Buffer.concat(units), end: at };
}

function readHevcRecord(data: Buffer): ConfigurationRecord {
  const lengthBytes = (data.readUInt8(21) & 3) + 1;
  const units: Buffer[] = [];
  let at = 23;
  for (let array = 0; array < data.readUInt8(22); array++) {
    at = readUnits(data, at + 3, data.readUInt16BE(at + 1), units);
  }
  return { lengthBytes, parameterSets: Buffer.concat(units), end: at };
}

/** Reads units with a length of two bytes each; returns where they end. */
function readUnits(data: Buffer, from: number, count: number, units: Buffer[]): number {
  let at = from;
  for (let unit = 0; unit < count; unit++) {
    const to = at + 2 + data.readUInt16BE(at);
    units.push(longStartCode, data.subarray(at + 2, to));
    at = to;
  }
  return at;
}
