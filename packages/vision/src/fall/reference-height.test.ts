import { defaultFallPolicy as policy } from './fall-policy.ts';
import { learnHeight, type ReferenceHeights, standingHeight } from './reference-height.ts';

const box = (foot: number, height: number) => ({ x1: 0, y1: foot - height, x2: 0.1, y2: foot });
const learned = (...samples: readonly [foot: number, height: number][]): ReferenceHeights =>
  samples.reduce<ReferenceHeights>((known, [foot, height]) => learnHeight(known, box(foot, height), policy), []);
const three = (foot: number, height: number): [number, number][] => [
  [foot, height],
  [foot, height],
  [foot, height],
];

test('nothing is known of a place where hardly anybody stood', () => {
  expect(standingHeight([], 0.5, policy)).toBeUndefined();
  expect(standingHeight(learned([0.55, 0.3]), 0.55, policy)).toBeUndefined();
});

test('between two places the height is in between: people are taller in the picture when nearer', () => {
  const known = learned(...three(0.45, 0.3), ...three(0.85, 0.5));
  expect(standingHeight(known, 0.45, policy)).toBeCloseTo(0.3);
  expect(standingHeight(known, 0.65, policy)).toBeCloseTo(0.4);
});

test('a place is not told of far away', () => {
  const known = learned(...three(0.85, 0.5));
  expect(standingHeight(known, 0.75, policy)).toBeCloseTo(0.5);
  expect(standingHeight(known, 0.35, policy)).toBeUndefined();
});

test('somebody who crouches hardly lowers it', () => {
  const samples = Array.from({ length: 20 }, (): [number, number] => [0.85, 0.5]);
  expect(standingHeight(learned(...samples, [0.85, 0.3]), 0.85, policy)).toBeGreaterThan(0.48);
});
