/** Conversion between numbers and the bits of IEEE 754 binary16; `Float16Array` does not exist in every Node that is supported. */

/** Bits of the nearest half-precision number; beyond 65504 infinity. */
export function toHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  // below the smallest normal number the exponent stays at −14
  const exponent = size < 2 ** -14 ? -14 : Math.floor(Math.log2(size));
  const mantissa = roundToEven((size / 2 ** exponent) * 1024);
  // with its leading 1 the mantissa counts the exponent up by one, so a carry out of it needs no care
  return sign | (size < 2 ** -14 ? mantissa : ((exponent + 14) << 10) + mantissa);
}

/** The number that the bits mean. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 0x1f) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? mantissa * 2 ** -24 : (1 + mantissa / 1024) * 2 ** (exponent - 15));
}

let table: Float32Array | undefined;

/** Half-precision numbers, given as their bits, as float32. */
export function halfToFloats(bits: Uint16Array): Float32Array {
  table ??= Float32Array.from({ length: 65_536 }, (_, index) => fromHalf(index));
  const floats = new Float32Array(bits.length);
  for (let index = 0; index < bits.length; index++) {
    floats[index] = table[bits[index] as number] as number;
  }
  return floats;
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
