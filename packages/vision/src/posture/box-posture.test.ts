import { boxPosture } from './box-posture.ts';

const box = (x1: number, y1: number, x2: number, y2: number) => ({ x1, y1, x2, y2 });
const aspect = 16 / 9;
const onFloor = (...given: Parameters<typeof boxPosture>) => {
  const { posture } = boxPosture(...given);
  return posture[2] + posture[3];
};

test('a wide box is most likely lying, a narrow one upright', () => {
  expect(boxPosture(box(0.5, 0.7, 1, 0.9), aspect, undefined).posture[3]).toBeGreaterThan(0.7);
  expect(boxPosture(box(0.8, 0.3, 1, 0.9), aspect, undefined).posture[0]).toBeGreaterThan(0.5);
});

test('a flat box is more surely on the floor where the height of a standing person is known', () => {
  const flat = box(0.5, 0.7, 0.7, 0.9);
  expect(onFloor(flat, aspect, 0.5)).toBeGreaterThan(onFloor(flat, aspect, undefined) + 0.2);
  expect(onFloor(flat, aspect, 0.5)).toBeGreaterThan(0.7);
});

test('a standing person cut off by the lower or upper edge of the frame is not lying: the height is unknown', () => {
  for (const cut of [box(0.5, 0.7, 1, 1), box(0.5, 0, 1, 0.3)]) {
    for (const standing of [undefined, 0.6]) {
      const { posture, prior } = boxPosture(cut, aspect, standing);
      expect(posture[3]).toBeLessThan(prior[3] + 0.05);
    }
  }
});

test('a person cut off by a side of the frame is not upright by that alone: the width is unknown', () => {
  const { posture, prior } = boxPosture(box(0, 0.4, 0.12, 0.7), aspect, undefined);
  expect(posture[0]).toBeLessThan(prior[0] + 0.05);
});
