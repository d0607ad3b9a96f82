/**
 * Widens IEEE 754 half-precision numbers (binary16) to float32.
 * @param {Uint16Array} halves
 * @returns {Float32Array}
 */
export function decodeFloat16(halves) {
  return Float32Array.from(halves, toNumber);
}

/** @param {number} half */
function toNumber(half) {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
