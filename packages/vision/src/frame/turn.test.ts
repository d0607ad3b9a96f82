import fc from 'fast-check';
import type { Turn } from '../model/model-description.ts';
import { turnOffsets, unturnBox } from './turn.ts';

/** Turns a frame whose every pixel is its own number. */
function turned(width: number, height: number, turn: Turn): number[][] {
  const { columns, rows } = turnOffsets(width, height, turn);
  return Array.from(rows, (row) => Array.from(columns, (column) => (row < 0 || column < 0 ? -1 : (row + column) / 3)));
}

test('+90 is clockwise, −90 counter-clockwise', () => {
  expect(turned(2, 2, 90)).toEqual([
    [2, 0],
    [3, 1],
  ]);
  expect(turned(2, 2, -90)).toEqual([
    [1, 3],
    [0, 2],
  ]);
});

test('a frame that is not square is fitted into the same size with grey on both sides', () => {
  const frame = turned(8, 4, 90);
  expect(frame.map((row) => row.filter((pixel) => pixel >= 0).length)).toEqual([2, 2, 2, 2]);
  expect(frame[0]?.slice(0, 3)).toEqual([-1, -1, -1]);
});

test('a box around a pixel of the turned frame comes back around the pixel it was', () => {
  const sizes = fc.constantFrom([16, 16], [12, 12], [32, 16]);
  fc.assert(
    fc.property(sizes, fc.constantFrom<Turn>(90, -90), fc.nat(), fc.nat(), ([w = 0, h = 0], turn, a, b) => {
      const [x, y] = [a % w, b % h];
      const pixel = turned(w, h, turn)[y]?.[x] ?? -1;
      fc.pre(pixel >= 0);
      const box = unturnBox({ x1: x, y1: y, x2: x + 1, y2: y + 1 }, w, h, turn);
      const [px, py] = [(pixel % w) + 0.5, Math.floor(pixel / w) + 0.5];
      expect(px).toBeGreaterThanOrEqual(box.x1);
      expect(px).toBeLessThanOrEqual(box.x2);
      expect(py).toBeGreaterThanOrEqual(box.y1);
      expect(py).toBeLessThanOrEqual(box.y2);
    }),
  );
});
