import { boxHeight, boxWidth, clipBox } from '../detection/box.ts';
import type { Box, Keypoint } from '../detection/detection.ts';
import { bodyPoints, distanceBetween } from './body-points.ts';
import { bodyScale, seenVisibility } from './body-scale.ts';

/**
 * What the posture model looks at, in this order. Ratios without a unit; drops and sizes are shares of the body's own scale, so no
 * calibration of the camera is needed.
 */
export const featureNames = [
  /** ln(width / height) of the box, within ±1.5. */
  'logAspect',
  /** Direction of the torso: 1 = hips straight below the shoulders; 0 where the torso is not seen. */
  'torsoDown',
  /** Direction of the torso: 1 = level. */
  'torsoAcross',
  /** How far the hips are below the head. */
  'headAboveHips',
  /** How far the ankles are below the hips. */
  'legDrop',
  /** How far the knees are below the hips. */
  'thighDrop',
  /** Height and width of the box. */
  'boxHeight',
  'boxWidth',
  /** From the head (or the upper edge of the box) down to the lower edge, 0..1.3. */
  'span',
] as const;

/** The nine features and the body's scale (about the standing height, px). */
export interface PostureFeatures {
  readonly values: readonly number[];
  readonly scale: number;
}

/** How much a measurement between two points counts: a smooth step at the visibility where joints become guesses. */
const certainty = (visibility: number): number => 1 / (1 + Math.exp(-(visibility - seenVisibility) / 0.06));

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/**
 * Returns the features of one person.
 * @param box pixels; it is clipped to the frame
 * @param joints 17 joints in COCO order, pixels of the same frame
 */
export function postureFeatures(
  box: Box,
  joints: readonly Keypoint[],
  frame: { readonly width: number; readonly height: number },
): PostureFeatures {
  const inFrame = clipBox(box, frame.width, frame.height);
  const width = Math.max(1, boxWidth(inFrame));
  const height = Math.max(1, boxHeight(inFrame));
  const visible: Box = { x1: inFrame.x1, y1: inFrame.y1, x2: inFrame.x1 + width, y2: inFrame.y1 + height };
  const points = bodyPoints(joints);
  const { head, shoulders, hips, knees, ankles } = points;
  const scale = bodyScale(visible, joints, points);
  const torsoSeen = certainty(Math.min(shoulders.visibility, hips.visibility));
  const torsoLength = distanceBetween(hips, shoulders) + 1e-6;
  const drop = (from: Keypoint, to: Keypoint): number =>
    ((to.y - from.y) / scale) * certainty(Math.min(from.visibility, to.visibility));
  const top = head.visibility >= seenVisibility ? head.y : visible.y1;
  return {
    scale,
    values: [
      clamp(Math.log(width / height), -1.5, 1.5),
      ((hips.y - shoulders.y) / torsoLength) * torsoSeen,
      (Math.abs(hips.x - shoulders.x) / torsoLength) * torsoSeen,
      drop(head, hips),
      drop(hips, ankles),
      drop(hips, knees),
      height / scale,
      width / scale,
      clamp((visible.y2 - top) / scale, 0, 1.3),
    ],
  };
}

/** Returns the features with two more where the standing height at the feet is known: height of the box and body scale as shares of it. */
export const withStandingHeight = ({ values, scale }: PostureFeatures, standing: number): readonly number[] => [
  ...values,
  clamp(((values[6] ?? 0) * scale) / standing, 0, 1.5),
  clamp(scale / standing, 0, 2),
];
