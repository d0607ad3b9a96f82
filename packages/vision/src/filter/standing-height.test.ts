import { bestKnownHeight, learnStandingHeight, standingHeight, unknownHeights } from './standing-height.ts';

const person = (foot: number, height: number) => ({ x1: 0.5, x2: 0.6, y1: foot - height, y2: foot });

test('the height is unknown in a room in which no person has stood yet', () => {
  expect(standingHeight(unknownHeights, 0.8)).toBeUndefined();
});

test('a few people at one place give the height there; at two places they give it in between and beyond', () => {
  let heights = unknownHeights;
  for (let look = 0; look < 4; look++) {
    heights = learnStandingHeight(heights, person(0.8, 0.5), 1);
  }
  expect(standingHeight(heights, 0.8)).toBeCloseTo(0.5, 2);
  for (let look = 0; look < 4; look++) {
    heights = learnStandingHeight(heights, person(0.6, 0.3), 1);
  }
  expect(standingHeight(heights, 0.7)).toBeCloseTo(0.4, 1);
  expect(standingHeight(heights, 0.9)).toBeGreaterThan(0.5);
});

test('the height is known where people stood, also when they only stood far from the camera', () => {
  expect(bestKnownHeight(unknownHeights)).toBeUndefined();
  let heights = unknownHeights;
  for (let look = 0; look < 8; look++) {
    heights = learnStandingHeight(heights, person(0.45, 0.2), 1);
  }
  expect(standingHeight(heights, 0.7)).toBeUndefined();
  expect(bestKnownHeight(heights)).toBeCloseTo(0.2, 2);
});

test('a person cut off by the frame teaches nothing', () => {
  expect(learnStandingHeight(unknownHeights, person(1, 0.4), 1)).toBe(unknownHeights);
  expect(learnStandingHeight(unknownHeights, person(0.4, 0.4), 1)).toBe(unknownHeights);
});
