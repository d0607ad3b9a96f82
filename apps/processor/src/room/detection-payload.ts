import { type DetectionPayload, withoutUndefined } from '@vigilia/protocol';
import type { Box, Detection, PersonSeen } from '@vigilia/vision';

/** Rounds for a message: more digits than a model can mean only cost bandwidth. */
export const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Corners → centre and size, as on MQTT; pixels of the camera's image. */
export function bboxOf(box: Box): DetectionPayload['bbox'] {
  return {
    x: round((box.x1 + box.x2) / 2, 1),
    y: round((box.y1 + box.y2) / 2, 1),
    width: round(box.x2 - box.x1, 1),
    height: round(box.y2 - box.y1, 1),
  };
}

/** A detection as it is published; `person` identifies the person. */
export function detectionPayload(detection: Detection, person: PersonSeen | undefined): DetectionPayload {
  const { className, confidence, box, keypoints } = detection;
  return withoutUndefined({
    class_name: className,
    confidence: round(confidence, 4),
    bbox: bboxOf(box),
    tracker_id: person?.trackId,
    posture: person?.posture,
    keypoints: keypoints?.map(({ x, y, visibility }) => ({
      x: round(x, 1),
      y: round(y, 1),
      visibility: round(visibility, 3),
    })),
  });
}
