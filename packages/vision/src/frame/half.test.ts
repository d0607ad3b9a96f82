import { fromHalf, halfToFloats, toHalf } from './half.ts';

test.each([
  [0, 0x0000],
  [-0, 0x8000],
  [1, 0x3c00],
  [-2, 0xc000],
  [114 / 255, 0x3727],
  [255, 0x5bf8],
  [65504, 0x7bff],
  [65536, 0x7c00],
  [2 ** -14, 0x0400],
  [2 ** -24, 0x0001],
  [1023.75, 0x6400],
])('%p has the bits %p that a half-precision model reads', (value, bits) => {
  expect(toHalf(value)).toBe(bits);
});

test('every finite half-precision number survives the way there and back', () => {
  const wrong = Array.from({ length: 0x10000 }, (_, bits) => bits).filter(
    (bits) => Number.isFinite(fromHalf(bits)) && toHalf(fromHalf(bits)) !== bits,
  );
  expect(wrong).toEqual([]);
  expect(toHalf(Number.NaN)).toBe(0x7e00);
  expect([...halfToFloats(Uint16Array.of(0x3c00, 0xfc00, 0x7e00))]).toEqual([1, Number.NEGATIVE_INFINITY, Number.NaN]);
});
