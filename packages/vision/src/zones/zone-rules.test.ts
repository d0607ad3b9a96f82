import fc from 'fast-check';
import { distanceToPolygon, insidePolygon, type Point, polygonArea, shareInside } from './polygon.ts';
import { frameZones, type Zone } from './zone.ts';
import { bedShare, distanceToWayOut, isBesideBed, isIgnored, torsoBedShare } from './zone-rules.ts';

const square: readonly Point[] = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];
const corner: readonly Point[] = [
  [0, 0],
  [1, 0],
  [0, 1],
];
const box = (x1: number, y1: number, x2: number, y2: number) => ({ x1, y1, x2, y2 });

describe('polygons', () => {
  test('the area does not depend on the direction in which the corners were drawn', () => {
    expect(polygonArea(square)).toBe(1);
    expect(polygonArea([...corner].reverse())).toBe(0.5);
  });
  test.each([
    ['all of it', box(0.2, 0.2, 0.4, 0.4), 1],
    ['half of it', box(0.5, 0.2, 1.5, 0.4), 0.5],
    ['nothing', box(2, 2, 3, 3), 0],
  ])('share of a box inside: %s', (_, one, expected) => {
    expect(shareInside(one, square)).toBeCloseTo(expected);
  });
  test('share agrees with counting points, for any triangle', () => {
    const coordinate = fc.double({ min: 0, max: 1, noNaN: true });
    const point = fc.tuple(coordinate, coordinate);
    fc.assert(
      fc.property(point, point, point, (a, b, c) => {
        const triangle = [a, b, c];
        const side = 40;
        let inside = 0;
        for (let i = 0; i < side * side; i++) {
          if (
            insidePolygon(
              0.25 + ((i % side) + 0.5) / side / 2,
              0.25 + (Math.floor(i / side) + 0.5) / side / 2,
              triangle,
            )
          ) {
            inside += 1;
          }
        }
        expect(Math.abs(shareInside(box(0.25, 0.25, 0.75, 0.75), triangle) - inside / side ** 2)).toBeLessThan(0.06);
      }),
      { numRuns: 50 },
    );
  });
  test('distance to the nearest edge, 0 inside', () => {
    expect(distanceToPolygon(0.5, 0.5, square)).toBe(0);
    expect(distanceToPolygon(2, 0.5, square)).toBe(1);
  });
});

const zones = (...list: Zone[]) => frameZones(list, 1);
const bed: Zone = {
  kind: 'bed',
  points: [
    [0.2, 0.4],
    [0.8, 0.4],
    [0.8, 0.6],
    [0.2, 0.6],
  ],
};

describe('the share of a person in bed', () => {
  test.each([
    ['lying on it', box(0.3, 0.35, 0.7, 0.55), 1],
    ['lying in front of it', box(0.3, 0.6, 0.7, 0.8), 0],
    ['standing in front of it', box(0.4, 0.3, 0.55, 0.85), 0.09],
    ['half over its edge', box(0.7, 0.3, 0.9, 0.6), 0.5],
  ])('%s', (_, person, expected) => {
    expect(bedShare(person, zones(bed))).toBeCloseTo(expected, 2);
  });
  test('a sofa is as good as a bed', () => {
    const sofa: Zone = { kind: 'sofa', points: bed.points };
    expect(bedShare(box(0.3, 0.35, 0.7, 0.55), zones(sofa))).toBe(1);
  });
  test('a torso on the bed counts, though the box reaches far beside it; hidden joints do not', () => {
    const across = box(0.1, 0.4, 0.9, 0.9);
    const torso = [
      { x: 0.4, y: 0.5, weight: 0.8 },
      { x: 0.5, y: 0.5, weight: 0.8 },
      { x: 0.5, y: 0.8, weight: 0 },
    ];
    expect(bedShare(across, zones(bed))).toBeLessThan(0.2);
    expect(torsoBedShare(across, torso, zones(bed))).toBe(1);
    expect(torsoBedShare(across, [], zones(bed))).toBe(0);
  });
  test('a floor mat that reaches over the bed is floor', () => {
    const mat: Zone = { kind: 'floor_mat', points: bed.points };
    const lying = box(0.3, 0.35, 0.7, 0.55);
    expect(bedShare(lying, zones(bed, mat))).toBe(0);
    expect(torsoBedShare(lying, [{ x: 0.5, y: 0.5, weight: 1 }], zones(bed, mat))).toBe(0);
  });
  test('a person beside a bed may have lain down in it', () => {
    expect(isBesideBed(box(0.3, 0.3, 0.4, 0.7), zones(bed))).toBe(true);
    expect(isBesideBed(box(0, 0.3, 0.1, 0.7), zones(bed))).toBe(false);
  });
});

test('an ignored part of the frame contains no person', () => {
  const mask: Zone = {
    kind: 'ignore',
    points: [
      [0, 0],
      [0.5, 0],
      [0.5, 1],
      [0, 1],
    ],
  };
  expect(isIgnored(box(0.1, 0.2, 0.3, 0.9), zones(mask))).toBe(true);
  expect(isIgnored(box(0.4, 0.2, 0.8, 0.9), zones(mask))).toBe(false);
});

describe('ways out', () => {
  test('the sides of the frame are, ceiling and floor are not', () => {
    expect(distanceToWayOut(box(0, 0.2, 0.2, 0.8), zones())).toBe(0);
    expect(distanceToWayOut(box(0.4, 0, 0.6, 1), zones())).toBeCloseTo(0.38);
  });
  test('a door in the middle is measured from the feet', () => {
    const door: Zone = {
      kind: 'exit',
      points: [
        [0.4, 0.3],
        [0.6, 0.3],
        [0.6, 0.5],
        [0.4, 0.5],
      ],
    };
    expect(distanceToWayOut(box(0.45, 0.2, 0.55, 0.6), zones(door))).toBeCloseTo(0.1);
    // where doors were drawn a side is one only for who stands in it
    expect(distanceToWayOut(box(0.03, 0.2, 0.2, 0.8), zones(door))).toBeGreaterThan(0.3);
    expect(distanceToWayOut(box(0.01, 0.2, 0.2, 0.8), zones(door))).toBe(0);
  });
});
