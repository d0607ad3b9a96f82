import { bodyFeatures } from './body-features.ts';
import { defaultFallPolicy as policy } from './fall-policy.ts';
import type { Joint, Observation } from './observation.ts';
import { judgePosture } from './posture.ts';

describe('the score of each rule', () => {
  test.each([
    ['a wide box', { ratio: 1.6 }, 2, 'low', ['wide_box']],
    ['a broad box', { ratio: 0.9 }, 1, 'unsure', ['wide_box']],
    ['a box neither wide nor narrow', { ratio: 0.7 }, 0, 'unsure', []],
    ['a narrow box', { ratio: 0.4 }, -2, 'up', ['narrow_box']],
    ['broad and flat', { ratio: 0.9, heightShare: 0.4 }, 2.5, 'low', ['wide_box', 'flat']],
    [
      'wide but as tall as standing: arms spread',
      { ratio: 1.1, heightShare: 1, heightLearned: true },
      0.5,
      'unsure',
      ['wide_box', 'tall'],
    ],
    ['wide, with only the own height from further away', { ratio: 1.28, heightShare: 0.9 }, 2, 'low', ['wide_box']],
    ['a tilted torso', { ratio: 0.7, tiltDegrees: 80 }, 2, 'low', ['torso_tilted']],
    ['an upright torso on a chair', { ratio: 0.9, tiltDegrees: 20 }, 0, 'unsure', ['wide_box', 'torso_upright']],
    ['standing by its joints', { ratio: 0.7, tiltDegrees: 10, anklesBelowTorsos: 2.2 }, -2, 'up', ['torso_upright']],
    ['the head near the floor', { ratio: 0.9, headShare: 0.2 }, 2.5, 'low', ['wide_box', 'head_low']],
  ])('%s', (_, features, score, posture, rules) => {
    expect(judgePosture(features, policy)).toMatchObject({ score, posture, rules });
  });

  test('sitting on the floor is LOW but not lying', () => {
    expect(judgePosture({ ratio: 0.9, heightShare: 0.4 }, policy).lying).toBe(false);
    expect(judgePosture({ ratio: 1.4 }, policy).lying).toBe(true);
    expect(judgePosture({ ratio: 0.7, tiltDegrees: 80 }, policy).lying).toBe(true);
  });
});

describe('what is told from a body', () => {
  const seen = (joints: Record<number, Joint>): Observation => ({
    index: 0,
    confidence: 0.9,
    turned: false,
    box: { x1: 0.2, y1: 0.2, x2: 0.4, y2: 0.8 },
    joints: new Map(Object.entries(joints).map(([key, joint]) => [Number(key), joint])),
  });
  const upright = {
    0: { x: 0.3, y: 0.25 },
    5: { x: 0.25, y: 0.35 },
    6: { x: 0.35, y: 0.35 },
    11: { x: 0.27, y: 0.55 },
    12: { x: 0.33, y: 0.55 },
    15: { x: 0.28, y: 0.78 },
  };

  test('torso, ankles, head of somebody standing', () => {
    const features = bodyFeatures(seen(upright), 0.6, policy);
    expect(features).toMatchObject({
      ratio: expect.closeTo(1 / 3),
      heightShare: expect.closeTo(1),
      tiltDegrees: expect.closeTo(0),
      anklesBelowTorsos: expect.closeTo(2.15),
      headShare: expect.closeTo(0.883, 2),
    });
  });
  test('shoulders below the hips are more than tilted', () => {
    const { tiltDegrees } = bodyFeatures(seen({ 5: { x: 0.3, y: 0.7 }, 11: { x: 0.3, y: 0.5 } }), undefined, policy);
    expect(tiltDegrees).toBeCloseTo(180);
  });
  test('a torso seen end on says nothing, nor does a height without a standing person to compare', () => {
    const features = bodyFeatures(seen({ 5: { x: 0.3, y: 0.5 }, 11: { x: 0.31, y: 0.52 } }), undefined, policy);
    expect(features).toEqual({ ratio: expect.closeTo(1 / 3) });
  });
});
