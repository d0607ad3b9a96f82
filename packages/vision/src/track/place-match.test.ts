import { defaultFallPolicy as policy } from '../fall/fall-policy.ts';
import { matchByGate, matchByPlace, matchByRest } from './place-match.ts';

const standing = (x: number, foot = 0.8) => ({ x1: x - 0.08, y1: foot - 0.4, x2: x + 0.08, y2: foot });
const lying = (x: number, foot = 0.8) => ({ x1: x - 0.2, y1: foot - 0.12, x2: x + 0.2, y2: foot });
const person = (box = standing(0.5), changes = {}) => ({
  box,
  standing: 0.4,
  low: false,
  agoMs: 1000,
  missing: false,
  findable: true,
  ...changes,
});
const seen = (box = standing(0.5), changes = {}) => ({ box, confidence: 0.8, turned: false, ...changes });

test('who lies is found again by the place, however long ago', () => {
  expect(matchByPlace([undefined, lying(0.5)], [standing(0.9), lying(0.52)], policy)).toEqual([
    { track: 1, observation: 1 },
  ]);
  expect(matchByPlace([lying(0.5)], [lying(0.9)], policy)).toEqual([]);
});

test('who stays is found before anybody is thought to have walked there', () => {
  expect(matchByRest([standing(0.2), standing(0.5)], [standing(0.51)], policy)).toEqual([{ track: 1, observation: 0 }]);
});

describe('the walking gate', () => {
  test.each([
    ['a step away after a second', person(), seen(standing(0.8)), true],
    ['across the room after a second', person(), seen(standing(1.3)), false],
    ['across the room after ten seconds', person(standing(0.5), { agoMs: 10_000 }), seen(standing(1.3)), true],
    ['fallen where the feet were', person(), seen(lying(0.55)), true],
    ['a hand', person(), seen({ x1: 0.5, y1: 0.7, x2: 0.55, y2: 0.8 }), false],
    ['a weak box right there', person(), seen(standing(0.7), { confidence: 0.18 }), true],
    [
      'a weak box further away, after however long',
      person(standing(0.5), { agoMs: 10_000 }),
      seen(standing(0.9), { confidence: 0.18 }),
      false,
    ],
    [
      'a turned find for somebody not sure',
      person(standing(0.5), { findable: false }),
      seen(lying(0.5), { turned: true }),
      false,
    ],
    [
      'somebody upright far from who lies low',
      person(lying(0.5), { low: true, agoMs: 60_000 }),
      seen(standing(1.3)),
      false,
    ],
  ])('%s', (_, track, box, expected) => {
    expect(matchByGate([track], [box], policy)).toHaveLength(expected ? 1 : 0);
  });

  test('who was seen in the last frame comes before who has been missing', () => {
    const tracks = [person(standing(0.55), { missing: true, agoMs: 20_000 }), person(standing(0.4))];
    expect(matchByGate(tracks, [seen(standing(0.5))], policy)).toEqual([{ track: 1, observation: 0 }]);
  });
});
