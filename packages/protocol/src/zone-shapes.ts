import type { Zone, ZoneKind } from './zones.ts';

type Point = readonly [x: number, y: number];
type Shape = readonly Point[];

/** Why zones cannot be set, and where in the frame (0..1). */
export interface ZoneProblem {
  readonly reason: 'crosses_itself' | 'overlaps';
  /** Index of the zone. */
  readonly zone: number;
  /** The zone that it overlaps. */
  readonly other?: number;
  readonly at: Point;
}

/** Neighbours that are drawn by hand touch: an overlap that is nowhere deeper than this (share of the frame) is none. */
const touching = 0.01;
const exact = 1e-9;

/** Zones of these kinds may lie over others: a mask, and a thing that stands in front of something. */
const overlays: readonly ZoneKind[] = ['ignore', 'thing'];

/**
 * Returns what is wrong with the shapes of a room's zones: a side that crosses another side of its zone, or two zones that claim the same
 * part of the frame, so that a person there is in bed and on the floor at the same time. Pure.
 */
export function zoneProblems(zones: readonly Pick<Zone, 'kind' | 'points'>[]): ZoneProblem[] {
  const crossings = zones.flatMap(({ points }, zone): ZoneProblem[] => {
    const at = crossingOf(points);
    return at === undefined ? [] : [{ reason: 'crosses_itself', zone, at }];
  });
  const crossed = new Set(crossings.map(({ zone }) => zone));
  const solid = zones.flatMap(({ kind, points }, index) =>
    crossed.has(index) || overlays.includes(kind) ? [] : [{ index, points }],
  );
  const overlaps = solid.flatMap((one, n) =>
    solid.slice(0, n).flatMap((before): ZoneProblem[] => {
      const at = deepestOverlap(one.points, before.points);
      return at === undefined ? [] : [{ reason: 'overlaps', zone: one.index, other: before.index, at }];
    }),
  );
  return [...crossings, ...overlaps];
}

/** Returns one sentence for people about a problem. */
export function describeZoneProblem(
  { reason, zone, other, at }: ZoneProblem,
  zones: readonly Pick<Zone, 'kind' | 'name'>[],
): string {
  const named = (index = 0): string => zones[index]?.name ?? `${zones[index]?.kind ?? 'zone'}`;
  const where = `at ${at.map((share) => share.toFixed(2)).join(', ')}`;
  const which = `Zone ${zone + 1} (${named(zone)})`;
  return reason === 'crosses_itself'
    ? `${which} crosses itself ${where}. Give its corners in their order around the zone.`
    : `${which} overlaps zone ${(other ?? 0) + 1} (${named(other)}) ${where}. Move a corner so that the zones only touch.`;
}

/** Returns where two sides of a polygon meet that are not neighbours, or where neighbours lie on one another. */
function crossingOf(points: Shape): Point | undefined {
  const sides = sidesOf(points);
  for (const [n, [a, b]] of sides.entries()) {
    if (distance(a, b) < exact) return a;
    for (const [m, [c, d]] of sides.slice(n + 1).entries()) {
      const gap = m + 1;
      const areNeighbours = gap === 1 || gap === sides.length - 1;
      const meets = areNeighbours ? foldOf([a, b], [c, d]) : meetingOf([a, b], [c, d]);
      if (meets !== undefined) return meets;
    }
  }
  return undefined;
}

type Side = readonly [from: Point, to: Point];

function sidesOf(points: Shape): Side[] {
  return points.map((from, n) => [from, points[(n + 1) % points.length] ?? from]);
}

/** Returns where two neighbouring sides run back over one another; sides that only share their corner do not. */
function foldOf([a, b]: Side, [c, d]: Side): Point | undefined {
  const [corner, first, last] = distance(b, c) < exact ? [b, a, d] : [a, b, c];
  const isStraight = Math.abs(cross(corner, first, last)) < exact;
  const isBack = (first[0] - corner[0]) * (last[0] - corner[0]) + (first[1] - corner[1]) * (last[1] - corner[1]) > 0;
  return isStraight && isBack ? corner : undefined;
}

/** Returns a point that two sides share. */
function meetingOf([a, b]: Side, [c, d]: Side): Point | undefined {
  const turn = (b[0] - a[0]) * (d[1] - c[1]) - (b[1] - a[1]) * (d[0] - c[0]);
  if (Math.abs(turn) < exact) {
    return [a, b].find((point) => liesOn(point, [c, d])) ?? [c, d].find((point) => liesOn(point, [a, b]));
  }
  const s = ((c[0] - a[0]) * (d[1] - c[1]) - (c[1] - a[1]) * (d[0] - c[0])) / turn;
  const t = ((c[0] - a[0]) * (b[1] - a[1]) - (c[1] - a[1]) * (b[0] - a[0])) / turn;
  const isOn = (share: number): boolean => share >= -exact && share <= 1 + exact;
  return isOn(s) && isOn(t) ? between(a, b, s) : undefined;
}

/**
 * Returns the point of the overlap of two polygons that lies deepest in both, of those that stand for it: the middles of the parts of each
 * outline inside the other, and a point inside where the outlines are the same.
 */
function deepestOverlap(one: Shape, other: Shape): Point | undefined {
  const found = [...middlesInside(one, other), ...middlesInside(other, one), innerPoint(one), innerPoint(other)]
    .map((at) => ({ at, depth: Math.min(depthIn(at, one), depthIn(at, other)) }))
    .filter(({ depth }) => depth > -exact);
  const bites = found.map(({ at }) => ({ at, depth: Math.max(depthIn(at, one), depthIn(at, other)) }));
  const deepest = bites.reduce<{ at: Point; depth: number } | undefined>(
    (best, candidate) => (best === undefined || candidate.depth > best.depth ? candidate : best),
    undefined,
  );
  return deepest !== undefined && deepest.depth > touching ? deepest.at : undefined;
}

/** Returns the middle of each part of an outline between its meetings with another one. */
function middlesInside(shape: Shape, other: Shape): Point[] {
  return sidesOf(shape).flatMap(([from, to]) => {
    const length = distance(from, to);
    const meetings = sidesOf(other).flatMap((side) => {
      const ends = side.filter((point) => liesOn(point, [from, to]));
      const meets = meetingOf([from, to], side);
      return [...ends, ...(meets === undefined ? [] : [meets])].map((point) => distance(from, point) / length);
    });
    const cuts = [0, ...meetings.sort((a, b) => a - b), 1];
    return cuts.slice(1).map((end, n) => between(from, to, ((cuts[n] ?? 0) + end) / 2));
  });
}

/** Returns how deep a point lies in a polygon: the distance to its outline, negative outside. */
function depthIn(point: Point, shape: Shape): number {
  const nearest = Math.min(...sidesOf(shape).map((side) => distanceToSide(point, side)));
  return isInside(point, shape) ? nearest : -nearest;
}

/** Even-odd rule. */
function isInside([x, y]: Point, shape: Shape): boolean {
  return sidesOf(shape).reduce(
    (inside, [a, b]) =>
      a[1] > y !== b[1] > y && x < a[0] + ((y - a[1]) * (b[0] - a[0])) / (b[1] - a[1]) ? !inside : inside,
    false,
  );
}

/** Returns a point inside a polygon: in the triangle of its lowest corner, before any other corner that reaches into it. */
function innerPoint(shape: Shape): Point {
  const lowest = shape.reduce((best, point, n) => ((shape[best]?.[1] ?? 0) <= point[1] ? best : n), 0);
  const corner = shape[lowest] ?? [0, 0];
  const before = shape[(lowest + shape.length - 1) % shape.length] ?? corner;
  const after = shape[(lowest + 1) % shape.length] ?? corner;
  const triangle: Shape = [before, corner, after];
  const reaching = shape.filter((point) => !triangle.includes(point) && isInside(point, triangle));
  const farthest = reaching.reduce<Point | undefined>((best, point) => {
    const far = distanceToSide(point, [before, after]);
    return best === undefined || far > distanceToSide(best, [before, after]) ? point : best;
  }, undefined);
  if (farthest !== undefined) return between(corner, farthest, 0.5);
  return [(before[0] + corner[0] + after[0]) / 3, (before[1] + corner[1] + after[1]) / 3];
}

function liesOn(point: Point, side: Side): boolean {
  return distanceToSide(point, side) < exact;
}

function distanceToSide(point: Point, [a, b]: Side): number {
  const squared = (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2;
  const t = squared === 0 ? 0 : ((point[0] - a[0]) * (b[0] - a[0]) + (point[1] - a[1]) * (b[1] - a[1])) / squared;
  return distance(point, between(a, b, Math.min(1, Math.max(0, t))));
}

function between(a: Point, b: Point, share: number): Point {
  return [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
}

function distance(a: Point, b: Point): number {
  return Math.hypot(b[0] - a[0], b[1] - a[1]);
}

/** Twice the signed area of a triangle. */
function cross(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}
