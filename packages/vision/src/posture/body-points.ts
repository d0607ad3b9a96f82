import type { Keypoint } from '../detection/detection.ts';

/** Joints in COCO order, grouped into the points that the posture is measured between. */
export const jointGroups = {
  head: [0, 1, 2, 3, 4],
  shoulders: [5, 6],
  hips: [11, 12],
  knees: [13, 14],
  ankles: [15, 16],
} as const;

/** Number of joints of a COCO pose. */
export const jointCount = 17;

/** A point of the body in pixels, with the visibility of its best joint (0..1). */
type BodyPoint = Keypoint;

/** The five points of a body. */
export type BodyPoints = Readonly<Record<keyof typeof jointGroups, BodyPoint>>;

/** A joint that was not seen at all still takes part in a mean, so that a mean always exists. */
const leastWeight = 1e-3;

/** Returns the joint with this number; throws `RangeError` where the pose has fewer joints. */
export function jointAt(joints: readonly Keypoint[], number: number): Keypoint {
  const joint = joints[number];
  if (joint === undefined) throw new RangeError(`The pose has ${joints.length} joints, joint ${number} is missing.`);
  return joint;
}

/** Returns the mean of some joints weighted by visibility, in pixels; its visibility is the largest of them. */
function meanPoint(joints: readonly Keypoint[], numbers: readonly number[]): BodyPoint {
  let [x, y, weight, visibility] = [0, 0, 0, 0];
  for (const number of numbers) {
    const joint = jointAt(joints, number);
    const share = joint.visibility + leastWeight;
    x += joint.x * share;
    y += joint.y * share;
    weight += share;
    visibility = Math.max(visibility, joint.visibility);
  }
  return { x: x / weight, y: y / weight, visibility };
}

/** Returns the five points of a body from 17 joints in COCO order. */
export function bodyPoints(joints: readonly Keypoint[]): BodyPoints {
  return {
    head: meanPoint(joints, jointGroups.head),
    shoulders: meanPoint(joints, jointGroups.shoulders),
    hips: meanPoint(joints, jointGroups.hips),
    knees: meanPoint(joints, jointGroups.knees),
    ankles: meanPoint(joints, jointGroups.ankles),
  };
}

/** Returns the distance of two points, px. */
export const distanceBetween = (a: { x: number; y: number }, b: { x: number; y: number }): number =>
  Math.hypot(a.x - b.x, a.y - b.y);
