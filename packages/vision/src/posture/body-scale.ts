import { boxHeight, boxWidth } from '../detection/box.ts';
import type { Box, Keypoint } from '../detection/detection.ts';
import { type BodyPoints, distanceBetween, jointAt } from './body-points.ts';

/** A joint below this visibility is a guess: its limb is not measured. MoveNet's own working point. */
export const seenVisibility = 0.2;

/** Limbs by their two joints (COCO numbers), and their length as a share of the standing height (Drillis & Contini 1966, rounded). */
const limbs: readonly (readonly [from: number, to: number, share: number])[] = [
  [5, 6, 0.22],
  [5, 11, 0.3],
  [6, 12, 0.3],
  [11, 13, 0.245],
  [12, 14, 0.245],
  [13, 15, 0.245],
  [14, 16, 0.245],
  [5, 7, 0.18],
  [6, 8, 0.18],
  [7, 9, 0.15],
  [8, 10, 0.15],
];
const torsoShare = 0.29;
const neckShare = 0.19;

/** The mean of so many longest estimates: one joint that is wrong must not decide. */
const longestCount = 3;
/** The scale lies between these multiples of the longer side of the box: outside, the joints are wrong. */
const leastOfBox = 0.6;
const mostOfBox = 2.5;

/**
 * Returns about the standing height of a person in pixels, whatever the posture, from the limbs seen: foreshortening only shortens a
 * limb, so the longest estimates are the best. Without limbs: the longer side of the box.
 */
export function bodyScale(box: Box, joints: readonly Keypoint[], points: BodyPoints): number {
  const longer = Math.max(boxWidth(box), boxHeight(box));
  const estimates: number[] = [];
  const measure = (a: Keypoint, b: Keypoint, share: number) => {
    if (Math.min(a.visibility, b.visibility) >= seenVisibility) {
      estimates.push(distanceBetween(a, b) / share);
    }
  };
  for (const [from, to, share] of limbs) {
    measure(jointAt(joints, from), jointAt(joints, to), share);
  }
  measure(points.shoulders, points.hips, torsoShare);
  measure(points.head, points.shoulders, neckShare);
  const longest = estimates.sort((a, b) => b - a).slice(0, longestCount);
  const few = longest[0] ?? longer;
  const scale = longest.length < longestCount ? few : longest.reduce((sum, one) => sum + one, 0) / longestCount;
  return Math.min(mostOfBox * longer, Math.max(leastOfBox * longer, scale));
}
