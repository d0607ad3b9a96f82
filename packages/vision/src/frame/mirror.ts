import type { Box, Keypoint } from '../detection/detection.ts';

/** For each joint in COCO order the joint of the other side of the body: left and right change places in a mirrored frame. */
const otherSide: readonly number[] = [0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15];

/** Returns a box found in a frame of this width mirrored left to right, as it lies in the frame itself. Pixels. */
export const unmirrorBox = ({ x1, y1, x2, y2 }: Box, width: number): Box => ({
  x1: width - x2,
  y1,
  x2: width - x1,
  y2,
});

/** Returns the joints (COCO order) of a person found in a mirrored frame, as they lie in the frame itself. Pixels. */
export function unmirrorJoints(joints: readonly Keypoint[], width: number): Keypoint[] {
  const mirrored = joints.map(({ x, y, visibility }): Keypoint => ({ x: width - x, y, visibility }));
  return mirrored.map((joint, number) => mirrored[otherSide[number] ?? number] ?? joint);
}
