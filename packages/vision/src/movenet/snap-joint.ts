import type { Keypoint } from '../detection/detection.ts';
import { type MoveNetHeads, stride, valueAt } from './heads.ts';

/** Radius of the search as a share of the box's longer side: about half a forearm. */
const searchShare = 0.12;
const leastRadius = 2;
const largestRadius = 7;
/** The distance weighs as a normal distribution whose deviation is this share of the radius. */
const deviationShare = 1 / 1.5;
/** Below this heat the map shows no joint, and the regression is the better guess. */
const leastHeat = 0.1;

/** Returns the radius in which the joints of a person are searched, in cells. `longerSide` of the box, px. */
export function searchRadius(longerSide: number): number {
  return Math.min(largestRadius, Math.max(leastRadius, Math.round((searchShare * longerSide) / stride)));
}

/**
 * Returns one joint of a person, in pixels of the input: the hottest cell of the joint's map near the place that the person's
 * own cell names, weighted by the distance from it. The original graph snaps its joints in the same way, as the regression
 * alone is off by several cells where a body is bent or foreshortened.
 */
export function snapJoint(
  heads: MoveNetHeads,
  joint: number,
  person: { readonly y: number; readonly x: number; readonly radius: number },
): Keypoint {
  const { jointHeat, jointRegression, jointOffset } = heads;
  const { rows, columns } = jointHeat;
  const placeY = person.y + valueAt(jointRegression, 2 * joint, person.y, person.x);
  const placeX = person.x + valueAt(jointRegression, 2 * joint + 1, person.y, person.x);
  const [nearY, nearX] = [Math.round(placeY), Math.round(placeX)];
  const { radius } = person;
  const deviation = radius * deviationShare;
  let best = { weighted: 0, heat: 0, y: 0, x: 0 };
  for (let y = Math.max(0, nearY - radius); y <= Math.min(rows - 1, nearY + radius); y++) {
    for (let x = Math.max(0, nearX - radius); x <= Math.min(columns - 1, nearX + radius); x++) {
      const heat = valueAt(jointHeat, joint, y, x);
      const weighted = heat * Math.exp(-((y - placeY) ** 2 + (x - placeX) ** 2) / (2 * deviation ** 2));
      if (weighted > best.weighted) {
        best = { weighted, heat, y, x };
      }
    }
  }
  if (best.heat < leastHeat) {
    const isInside = nearY >= 0 && nearY < rows && nearX >= 0 && nearX < columns;
    const visibility = isInside ? valueAt(jointHeat, joint, nearY, nearX) : 0;
    return { x: placeX * stride, y: placeY * stride, visibility };
  }
  return {
    x: (best.x + valueAt(jointOffset, 2 * joint + 1, best.y, best.x)) * stride,
    y: (best.y + valueAt(jointOffset, 2 * joint, best.y, best.x)) * stride,
    visibility: best.heat,
  };
}
