import { boxHeight } from '../detection/box.ts';
import type { Box } from '../detection/detection.ts';
import { distanceToPolygon, insidePolygon, shareInside } from './polygon.ts';
import type { FrameZones } from './zone.ts';

/** Boxes that lie by this share in an `ignore` zone are not people: more of them is in the mask than outside. */
const ignoredShare = 0.5;
/** Lower halves that lie by this share on a floor mat are on the floor, also where the mat touches a bed. */
const matShare = 0.5;
/** A box that overlaps a bed by more than this share is beside it: a touch is enough, noise of the box is not. */
const besideBedShare = 0.05;
/** A box nearer to the border of the frame than this (image heights) may have left through it. */
const border = 0.02;

/** Is most of the box masked? */
export const isIgnored = (box: Box, zones: FrameZones): boolean =>
  zones.ignored.some((polygon) => shareInside(box, polygon) >= ignoredShare);

/** Returns the share (0..1) of the box's lower half that lies in a bed or sofa; 0 on a floor mat. */
export const bedShare = (box: Box, zones: FrameZones): number =>
  isOnMat(box, zones) ? 0 : Math.max(0, ...zones.beds.map((polygon) => shareInside(lowerHalf(box), polygon)));

const lowerHalf = (box: Box): Box => ({ x1: box.x1, y1: box.y1 + boxHeight(box) / 2, x2: box.x2, y2: box.y2 });

const isOnMat = (box: Box, zones: FrameZones): boolean =>
  zones.floors.some((polygon) => shareInside(lowerHalf(box), polygon) >= matShare);

/**
 * Returns the share (0..1, by weight) of the points of a torso that lie in a bed or sofa; 0 on a floor mat.
 * @param torso points with their visibility, image heights
 */
export function torsoBedShare(
  box: Box,
  torso: readonly { readonly x: number; readonly y: number; readonly weight: number }[],
  zones: FrameZones,
): number {
  const total = torso.reduce((sum, { weight }) => sum + weight, 0);
  if (total <= 0 || isOnMat(box, zones)) return 0;
  const inside = (polygon: FrameZones['beds'][number]) =>
    torso.reduce((sum, { x, y, weight }) => sum + (insidePolygon(x, y, polygon) ? weight : 0), 0);
  return Math.max(0, ...zones.beds.map((polygon) => inside(polygon) / total));
}

/** Does the box overlap a bed or sofa at all? A person who vanishes there has most likely lain down. */
export const isBesideBed = (box: Box, zones: FrameZones): boolean =>
  zones.beds.some((polygon) => shareInside(box, polygon) > besideBedShare);

/** Returns the distance to an `exit` zone (from the foot point) or to a side of the frame, image heights. */
export function distanceToDoor(box: Box, zones: FrameZones): number {
  const sides = Math.min(box.x1, zones.aspect - box.x2) - border;
  return Math.max(0, Math.min(sides, ...toExits(box, zones)));
}

/** Does the box touch a side of the frame? */
export const isAtSide = (box: Box, { aspect }: FrameZones): boolean => Math.min(box.x1, aspect - box.x2) <= border;

/**
 * Returns the distance to where a person who walks may have left, image heights: an `exit` zone, or a side of the frame. Where exits were
 * drawn, a side counts only for a person who stands in it: the camera sees the doors. No person leaves through ceiling or floor.
 */
export function distanceToWayOut(box: Box, zones: FrameZones): number {
  const sides = Math.max(0, Math.min(box.x1, zones.aspect - box.x2) - border);
  return zones.exits.length > 0 && sides > 0 ? Math.min(...toExits(box, zones)) : sides;
}

const toExits = (box: Box, zones: FrameZones): number[] =>
  zones.exits.map((polygon) => distanceToPolygon((box.x1 + box.x2) / 2, box.y2, polygon));
