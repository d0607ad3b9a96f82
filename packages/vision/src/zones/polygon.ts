import type { Box } from '../detection/detection.ts';

export type Point = readonly [x: number, y: number];

/** Area of a polygon, whichever way round it is given (shoelace formula). */
export function polygonArea(points: readonly Point[]): number {
  let twice = 0;
  for (const [index, [x, y]] of points.entries()) {
    const [nextX, nextY] = points[(index + 1) % points.length] as Point;
    twice += x * nextY - nextX * y;
  }
  return Math.abs(twice) / 2;
}

/** Is the point inside (even-odd rule)? */
export function insidePolygon(x: number, y: number, points: readonly Point[]): boolean {
  let inside = false;
  for (const [index, [ax, ay]] of points.entries()) {
    const [bx, by] = points[(index + 1) % points.length] as Point;
    if (ay > y !== by > y && x < ax + ((y - ay) * (bx - ax)) / (by - ay)) {
      inside = !inside;
    }
  }
  return inside;
}

/** Keeps the part of a polygon where `axis` ≥ or ≤ `limit` (one step of Sutherland–Hodgman 1974). */
function cut(points: readonly Point[], axis: 0 | 1, limit: number, keepAbove: boolean): Point[] {
  const keeps = (point: Point) => (keepAbove ? point[axis] >= limit : point[axis] <= limit);
  const result: Point[] = [];
  for (const [index, here] of points.entries()) {
    const next = points[(index + 1) % points.length] as Point;
    if (keeps(here)) {
      result.push(here);
    }
    if (keeps(here) !== keeps(next)) {
      const t = (limit - here[axis]) / (next[axis] - here[axis]);
      result.push([here[0] + t * (next[0] - here[0]), here[1] + t * (next[1] - here[1])]);
    }
  }
  return result;
}

/** Share of a box that lies inside a polygon, 0..1. */
export function shareInside(box: Box, points: readonly Point[]): number {
  const area = (box.x2 - box.x1) * (box.y2 - box.y1);
  if (area <= 0) return 0;
  const inside = cut(cut(cut(cut(points, 0, box.x1, true), 0, box.x2, false), 1, box.y1, true), 1, box.y2, false);
  return Math.min(1, polygonArea(inside) / area);
}

/** Distance of a point to the nearest edge of a polygon; 0 inside. */
export function distanceToPolygon(x: number, y: number, points: readonly Point[]): number {
  if (insidePolygon(x, y, points)) return 0;
  let nearest = Number.POSITIVE_INFINITY;
  for (const [index, [ax, ay]] of points.entries()) {
    const [bx, by] = points[(index + 1) % points.length] as Point;
    const length = (bx - ax) ** 2 + (by - ay) ** 2;
    const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length));
    nearest = Math.min(nearest, Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)));
  }
  return nearest;
}
