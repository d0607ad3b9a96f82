import type { FallPolicy } from '../fall/fall-policy.ts';
import { boxArea, boxCentre, boxHeight, boxWidth } from '../model/box.ts';
import type { Box } from '../model/detection.ts';
import { distanceToPolygon, frontEdge, insidePolygon, polygonArea, shareInside } from './polygon.ts';
import type { RoomZones } from './zone.ts';

/** Masked parts of the picture: most of the box lies in an `ignore` zone. */
export function isIgnored(box: Box, zones: RoomZones, policy: FallPolicy): boolean {
  return zones.ignored.some((polygon) => shareInside(box, polygon) >= policy.zones.ignoreShare);
}

/**
 * In bed (or on a sofa): the lower half of the box lies in the zone for `bedShare`, or all of it for `bedWholeShare`, or, of a
 * wide box, the upper half for `bedUpperShare`. Who is in bed stays there until the
 * centre leaves the zone or the lower edge drops below the zone's front edge. A floor mat beside the bed is floor.
 * @param standing height of a standing person at that place, image heights
 */
export function isInBed(box: Box, wasInBed: boolean, standing: number, zones: RoomZones, policy: FallPolicy): boolean {
  const lower: Box = { ...box, y1: box.y1 + boxHeight(box) / 2 };
  if (zones.floors.some((polygon) => shareInside(lower, polygon) >= policy.zones.bedShare)) return false;
  const { x, y } = boxCentre(box);
  return zones.beds.some((polygon) => {
    const edge = frontEdge(x, polygon);
    if (edge === undefined || box.y2 > edge + policy.zones.bedEdgeShare * standing) return false;
    const lying = boxWidth(box) > policy.zones.bedLyingRatio * boxHeight(box);
    return (
      (lying && shareInside({ ...box, y2: y }, polygon) >= policy.zones.bedUpperShare) ||
      shareInside(lower, polygon) >= policy.zones.bedShare ||
      shareInside(box, polygon) >= policy.zones.bedWholeShare ||
      (wasInBed && insidePolygon(x, y, polygon))
    );
  });
}

/** Turned pictures show beds as people; nothing is lost, as people in bed raise nothing. */
export function isBedItself(box: Box, zones: RoomZones, policy: FallPolicy): boolean {
  return zones.beds.some((polygon) => {
    const share = shareInside(box, polygon);
    const covered = (share * boxArea(box)) / polygonArea(polygon);
    return share >= policy.zones.turnedBedShare || covered >= policy.zones.turnedBedCover;
  });
}

/** Does the box overlap a bed or sofa at all? Somebody who vanishes there has most likely lain down. */
export function isBesideBed(box: Box, zones: RoomZones, policy: FallPolicy): boolean {
  return zones.beds.some((polygon) => shareInside(box, polygon) > policy.zones.besideBedShare);
}

/** Distance to an `exit` zone (from the foot point) or a side of the picture, image heights: ways out of who lies low. */
export function distanceToDoor(box: Box, zones: RoomZones, policy: FallPolicy): number {
  const sides = Math.min(box.x1, zones.aspect - box.x2) - policy.zones.borderShare;
  return Math.max(0, Math.min(sides, ...toExits(box, zones)));
}

/**
 * Distance to where somebody who walks may be gone, image heights: an `exit` zone, or a side of the picture. Where exits were
 * drawn, a side counts only for who stands in it: the camera sees the doors. Nobody leaves through ceiling or floor.
 */
export function distanceToWayOut(box: Box, zones: RoomZones, policy: FallPolicy): number {
  const sides = Math.max(0, Math.min(box.x1, zones.aspect - box.x2) - policy.zones.borderShare);
  return zones.exits.length > 0 && sides > 0 ? Math.min(...toExits(box, zones)) : sides;
}

const toExits = (box: Box, zones: RoomZones): number[] =>
  zones.exits.map((polygon) => distanceToPolygon((box.x1 + box.x2) / 2, box.y2, polygon));

/** Distance to the border of the picture, image heights; 0 = cut off by it. */
export function distanceToBorder(box: Box, zones: RoomZones, policy: FallPolicy): number {
  return Math.max(0, Math.min(box.x1, zones.aspect - box.x2, box.y1, 1 - box.y2) - policy.zones.borderShare);
}
