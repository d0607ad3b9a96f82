import fc from 'fast-check';
import { defaultFallPolicy as policy } from '../fall/fall-policy.ts';
import { distanceToPolygon, frontEdge, insidePolygon, type Point, polygonArea, shareInside } from './polygon.ts';
import { roomZones, type Zone } from './zone.ts';
import { distanceToBorder, distanceToWayOut, isBedItself, isBesideBed, isIgnored, isInBed } from './zone-rules.ts';

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
  test('area, whichever way round', () => {
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
          )
            inside += 1;
        }
        expect(Math.abs(shareInside(box(0.25, 0.25, 0.75, 0.75), triangle) - inside / side ** 2)).toBeLessThan(0.06);
      }),
      { numRuns: 50 },
    );
  });
  test('the front edge is the lowest point of a column', () => {
    expect(frontEdge(0.25, corner)).toBeCloseTo(0.75);
    expect(frontEdge(2, corner)).toBeUndefined();
  });
  test('distance to the nearest edge, 0 inside', () => {
    expect(distanceToPolygon(0.5, 0.5, square)).toBe(0);
    expect(distanceToPolygon(2, 0.5, square)).toBe(1);
  });
});

const zones = (...list: Zone[]) => roomZones(list, 1);
const bed: Zone = {
  kind: 'bed',
  points: [
    [0.2, 0.4],
    [0.8, 0.4],
    [0.8, 0.6],
    [0.2, 0.6],
  ],
};

describe('in bed', () => {
  const standing = 0.5;
  test.each([
    ['lying on it', box(0.3, 0.35, 0.7, 0.55), false, true],
    ['lying in front of it', box(0.3, 0.6, 0.7, 0.8), false, false],
    ['standing in front of it', box(0.4, 0.3, 0.55, 0.85), false, false],
    ['sitting on its edge, feet on the floor, before', box(0.4, 0.3, 0.6, 0.64), true, true],
    ['slid off, lower edge below the front edge', box(0.3, 0.6, 0.7, 0.8), true, false],
    ['centre out of it', box(0.85, 0.4, 1, 0.55), true, false],
  ])('%s', (_, person, before, expected) => {
    expect(isInBed(person, before, standing, zones(bed), policy)).toBe(expected);
  });
  test('a sofa is as good as a bed', () => {
    const sofa: Zone = { kind: 'sofa', points: bed.points };
    expect(isInBed(box(0.3, 0.35, 0.7, 0.55), false, standing, zones(sofa), policy)).toBe(true);
  });
  test.each([
    ['a made bed as a whole', box(0.2, 0.4, 0.8, 0.6), true],
    ['the pillow: a small box in it', box(0.25, 0.4, 0.35, 0.5), true],
    ['bed and floor before it: most of the bed', box(0.1, 0.3, 0.9, 0.9), true],
    ['somebody on the floor before it', box(0.3, 0.58, 0.7, 0.8), false],
  ])('a turned picture shows it as a person: %s', (_, one, expected) => {
    expect(isBedItself(one, zones(bed), policy)).toBe(expected);
  });
  test('a floor mat that reaches over the bed is floor', () => {
    const mat: Zone = { kind: 'floor_mat', points: bed.points };
    expect(isInBed(box(0.3, 0.35, 0.7, 0.55), false, standing, zones(bed, mat), policy)).toBe(false);
  });
  test('who is beside a bed may have lain down in it', () => {
    expect(isBesideBed(box(0.3, 0.3, 0.4, 0.7), zones(bed), policy)).toBe(true);
    expect(isBesideBed(box(0, 0.3, 0.1, 0.7), zones(bed), policy)).toBe(false);
  });
});

test('an ignored part of the picture holds nobody', () => {
  const mask: Zone = {
    kind: 'ignore',
    points: [
      [0, 0],
      [0.5, 0],
      [0.5, 1],
      [0, 1],
    ],
  };
  expect(isIgnored(box(0.1, 0.2, 0.3, 0.9), zones(mask), policy)).toBe(true);
  expect(isIgnored(box(0.4, 0.2, 0.8, 0.9), zones(mask), policy)).toBe(false);
});

describe('ways out', () => {
  test('the sides of the picture are, ceiling and floor are not', () => {
    expect(distanceToWayOut(box(0, 0.2, 0.2, 0.8), zones(), policy)).toBe(0);
    expect(distanceToWayOut(box(0.4, 0, 0.6, 1), zones(), policy)).toBeCloseTo(0.38);
    expect(distanceToBorder(box(0.4, 0.2, 0.6, 1), zones(), policy)).toBe(0);
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
    expect(distanceToWayOut(box(0.45, 0.2, 0.55, 0.6), zones(door), policy)).toBeCloseTo(0.1);
    // where doors were drawn a side is one only for who stands in it
    expect(distanceToWayOut(box(0.03, 0.2, 0.2, 0.8), zones(door), policy)).toBeGreaterThan(0.3);
    expect(distanceToWayOut(box(0.01, 0.2, 0.2, 0.8), zones(door), policy)).toBe(0);
  });
});
