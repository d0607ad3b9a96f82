import type { ModelCalibration } from '../calibration/model-calibration.ts';
import { personProbability } from '../calibration/person-probability.ts';
import { boxArea, boxHeight, boxWidth } from '../model/box.ts';
import type { Box, Detection } from '../model/detection.ts';
import type { RoomZones } from '../zones/zone.ts';
import { isBedItself, isIgnored } from '../zones/zone-rules.ts';
import type { FallPolicy } from './fall-policy.ts';

/** A joint that was really seen; image heights. */
export interface Joint {
  readonly x: number;
  readonly y: number;
}

/** One person in one frame. Lengths are in image heights, so they mean the same at any resolution. */
export interface Observation {
  /** Place in the list of detections given. */
  readonly index: number;
  readonly box: Box;
  readonly confidence: number;
  /** Only a turned picture shows it (or shows it much better). */
  readonly turned: boolean;
  /** Visible joints by their COCO number (0 nose … 16 right ankle); absent with models that know no joints. */
  readonly joints?: ReadonlyMap<number, Joint>;
}

/**
 * The people among a frame's detections: class `person`, confident enough to continue a track, outside `ignore` zones.
 * @param image size of the camera's picture in pixels, the unit of the detections
 * @param calibration what the model's confidences mean; with it the confidence of an observation is the probability of a person
 */
export function toObservations(
  detections: readonly Detection[],
  image: { readonly width: number; readonly height: number },
  zones: RoomZones,
  policy: FallPolicy,
  calibration?: ModelCalibration,
): Observation[] {
  const { turnedContinueConfidence, jointVisibility } = policy.observation;
  const continueConfidence = calibration?.continueConfidence ?? policy.observation.continueConfidence;
  return detections.flatMap((detection, index) => {
    const least = detection.turned ? turnedContinueConfidence : continueConfidence;
    if (detection.className !== 'person' || detection.confidence < least) return [];
    const { x1, y1, x2, y2 } = detection.box;
    const box = { x1: x1 / image.height, y1: y1 / image.height, x2: x2 / image.height, y2: y2 / image.height };
    if (boxArea(box) <= 0 || !isShapedLikePerson(box, zones, policy) || isIgnored(box, zones, policy)) return [];
    if (detection.turned && isBedItself(box, zones, policy)) return [];
    const joints = detection.keypoints?.flatMap(({ x, y, visibility }, joint) =>
      visibility >= jointVisibility ? [[joint, { x: x / image.height, y: y / image.height }] as const] : [],
    );
    return [
      {
        index,
        box,
        confidence: calibration === undefined ? detection.confidence : personProbability(detection, calibration),
        turned: detection.turned === true,
        ...(joints && { joints: new Map(joints) }),
      },
    ];
  });
}

/** Neither as thin as a curtain nor as flat as a skirting, nor from one side of the picture to the other. */
function isShapedLikePerson(box: Box, { aspect }: RoomZones, { observation, zones }: FallPolicy): boolean {
  const ratio = boxWidth(box) / boxHeight(box);
  const fromSideToSide = Math.max(box.x1, aspect - box.x2) <= zones.borderShare;
  return ratio >= observation.thinnestRatio && ratio <= observation.flattestRatio && !fromSideToSide;
}
