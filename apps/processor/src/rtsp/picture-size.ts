/** Size of a video's frames, px. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Larger than any camera's; a value beyond comes of a broken parameter set, px. */
const largest = 16_384;

/**
 * Reads the size of the frames in a sequence parameter set, without its start code: H.264, 7.3.2.1.1; H.265, 7.3.2.2.1. Cropped as the
 * decoder crops. undefined: it cannot be read.
 */
export function pictureSize(codec: 'h264' | 'hevc', unit: Buffer): PictureSize | undefined {
  try {
    const bits = new BitReader(withoutEmulation(unit));
    const { width, height } = codec === 'h264' ? h264Size(bits) : hevcSize(bits);
    const isPlausible = width > 0 && height > 0 && width <= largest && height <= largest;
    return isPlausible ? { width, height } : undefined;
  } catch (error) {
    if (error instanceof UnreadableError) return undefined;
    throw error;
  }
}

/** Profiles that describe their chroma format. */
const richProfiles = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];
/** Samples per chroma sample, across and down, by `chroma_format_idc`. */
const chromaUnits = [
  [1, 1],
  [2, 2],
  [2, 1],
  [1, 1],
] as const;

function h264Size(bits: BitReader): PictureSize {
  bits.skip(8);
  const profile = bits.read(8);
  bits.skip(16);
  bits.golomb();
  let chroma = 1;
  let separate = 0;
  if (richProfiles.includes(profile)) {
    chroma = bits.golomb();
    separate = chroma === 3 ? bits.read(1) : 0;
    bits.golomb();
    bits.golomb();
    bits.skip(1);
    if (bits.read(1) === 1) {
      skipScalingLists(bits, chroma === 3 ? 12 : 8);
    }
  }
  bits.golomb();
  skipOrderCount(bits);
  bits.golomb();
  bits.skip(1);
  const widthUnits = bits.golomb() + 1;
  const heightUnits = bits.golomb() + 1;
  const framesOnly = bits.read(1);
  bits.skip(framesOnly === 1 ? 1 : 2);
  const [left, right, top, bottom] = bits.read(1) === 1 ? fourOf(bits) : [0, 0, 0, 0];
  const [unitX, unitY] = chromaUnits[separate === 1 ? 0 : chroma] ?? [1, 1];
  const fields = 2 - framesOnly;
  return {
    width: widthUnits * 16 - (left + right) * unitX,
    height: heightUnits * 16 * fields - (top + bottom) * unitY * fields,
  };
}

/** 7.3.2.1.1.1. */
function skipScalingLists(bits: BitReader, lists: number): void {
  for (let list = 0; list < lists; list++) {
    if (bits.read(1) === 0) continue;
    let [last, next] = [8, 8];
    for (let index = 0; index < (list < 6 ? 16 : 64) && next !== 0; index++) {
      next = (last + bits.signedGolomb() + 256) % 256;
      last = next === 0 ? last : next;
    }
  }
}

function skipOrderCount(bits: BitReader): void {
  const type = bits.golomb();
  if (type === 0) {
    bits.golomb();
  } else if (type === 1) {
    bits.skip(1);
    bits.golomb();
    bits.golomb();
    const cycle = bits.golomb();
    for (let index = 0; index < cycle; index++) {
      bits.golomb();
    }
  }
}

function hevcSize(bits: BitReader): PictureSize {
  bits.skip(16 + 4);
  const subLayers = bits.read(3);
  bits.skip(1);
  skipProfiles(bits, subLayers);
  bits.golomb();
  const chroma = bits.golomb();
  const separate = chroma === 3 ? bits.read(1) : 0;
  const [width, height] = [bits.golomb(), bits.golomb()];
  const [left, right, top, bottom] = bits.read(1) === 1 ? fourOf(bits) : [0, 0, 0, 0];
  const [unitX, unitY] = chromaUnits[separate === 1 ? 0 : chroma] ?? [1, 1];
  return { width: width - (left + right) * unitX, height: height - (top + bottom) * unitY };
}

/** 7.3.3: `profile_tier_level`. */
function skipProfiles(bits: BitReader, subLayers: number): void {
  bits.skip(88 + 8);
  const present = Array.from({ length: subLayers }, () => ({ profile: bits.read(1), level: bits.read(1) }));
  bits.skip(subLayers > 0 ? 2 * (8 - subLayers) : 0);
  for (const { profile, level } of present) {
    bits.skip(88 * profile + 8 * level);
  }
}

const fourOf = (bits: BitReader): [number, number, number, number] => [
  bits.golomb(),
  bits.golomb(),
  bits.golomb(),
  bits.golomb(),
];

/** Takes out the bytes that keep a start code from appearing (7.4.1 of both). */
function withoutEmulation(unit: Buffer): Buffer {
  const kept = [...unit].filter((byte, at) => !(byte === 3 && unit[at - 1] === 0 && unit[at - 2] === 0));
  return Buffer.from(kept);
}

class UnreadableError extends Error {}

/** @throws UnreadableError behind the end */
class BitReader {
  readonly #data: Buffer;
  #at = 0;

  constructor(data: Buffer) {
    this.#data = data;
  }

  skip(bits: number): void {
    this.#at += bits;
  }

  read(bits: number): number {
    let value = 0;
    for (let bit = 0; bit < bits; bit++) {
      const byte = this.#data[this.#at >> 3];
      if (byte === undefined) throw new UnreadableError('the parameter set ends too early');
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
      this.#at++;
    }
    return value;
  }

  /** `ue(v)`, 9.1 of both. */
  golomb(): number {
    let zeros = 0;
    while (this.read(1) === 0) {
      zeros++;
      if (zeros > 31) throw new UnreadableError('a code is too long');
    }
    return 2 ** zeros - 1 + this.read(zeros);
  }

  /** `se(v)`, 9.1.1. */
  signedGolomb(): number {
    const code = this.golomb();
    return code % 2 === 0 ? -code / 2 : (code + 1) / 2;
  }
}
