import { kalmanBox, predictKalman, startKalman, updateKalman } from './kalman.ts';

const box = { x1: 90, y1: 100, x2: 130, y2: 200 }; // centre 110, 150; aspect 0.4; height 100

test('a new filter stands where the box is, without speed', () => {
  const state = startKalman(box);
  expect(kalmanBox(state)).toEqual(box);
  expect(state.x).toEqual({ p: 110, v: 0, pp: 100, pv: 0, vv: 6.25 ** 2 }); // (2 × 100/20)², (10 × 100/160)²
});

test('one step by hand: predict, then correct by a box 10 px to the right', () => {
  const predicted = predictKalman(startKalman(box), 1);
  expect(predicted.x).toEqual({ p: 110, v: 0, pp: 100 + 39.0625 + 25, pv: 39.0625, vv: 39.0625 + 0.390625 });
  const corrected = updateKalman(predicted, { ...box, x1: 100, x2: 140 });
  const gain = 164.0625 / (164.0625 + 25);
  expect(corrected.x.p).toBeCloseTo(110 + gain * 10);
  expect(corrected.x.v).toBeCloseTo((39.0625 / 189.0625) * 10);
  expect(corrected.x.pp).toBeCloseTo((1 - gain) * 164.0625);
});

test('somebody who walks on is expected further on', () => {
  let state = startKalman(box);
  for (let frame = 1; frame <= 10; frame++)
    state = updateKalman(predictKalman(state, 1), { ...box, x1: 90 + 5 * frame, x2: 130 + 5 * frame });
  const { x1 } = kalmanBox(predictKalman(state, 3));
  expect(x1).toBeGreaterThan(150);
  expect(x1).toBeLessThan(160);
});
