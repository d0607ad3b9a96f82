import fc from 'fast-check';
import { inputSizeFor } from './input-size.ts';

test.each([
  [1920, 1080, 352, 192],
  [640, 360, 352, 192],
  [640, 480, 288, 224],
  [320, 240, 288, 224],
  [480, 640, 224, 288],
  [1080, 1920, 192, 352],
  [1000, 1000, 256, 256],
])('a frame of %d×%d is shown to the network at %d×%d', (width, height, inputWidth, inputHeight) => {
  expect(inputSizeFor({ width, height })).toEqual({ width: inputWidth, height: inputHeight });
});

const side = fc.integer({ min: 16, max: 8192 });

test('an input never costs more than 8 % above the usual number of pixels, whatever the camera sends', () => {
  fc.assert(
    fc.property(side, side, fc.double({ min: 1, max: 3, noNaN: true }), (width, height, factor) => {
      const size = inputSizeFor({ width, height }, factor);
      expect(size.width * size.height).toBeLessThanOrEqual(256 ** 2 * factor ** 2 * 1.08);
      expect([size.width % 32, size.height % 32]).toEqual([0, 0]);
    }),
  );
});

test('no other input of that cost shows the frame at a larger scale', () => {
  const sides = Array.from({ length: 60 }, (_, index) => (index + 1) * 32);
  const pairs = sides.flatMap((width) => sides.map((height) => ({ width, height })));
  fc.assert(
    fc.property(side, side, (width, height) => {
      fc.pre(width / height <= 4 && height / width <= 4);
      const scaleOf = (size: { width: number; height: number }) => Math.min(size.width / width, size.height / height);
      const affordable = pairs.filter((size) => size.width * size.height <= 256 ** 2 * 1.08);
      const best = Math.max(...affordable.map(scaleOf));
      expect(scaleOf(inputSizeFor({ width, height }))).toBeCloseTo(best, 6);
    }),
  );
});
