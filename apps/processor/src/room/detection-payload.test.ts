import { detectionSchema } from '@vigilia/protocol';
import { detectionPayload } from './detection-payload.ts';

const lying = {
  classId: 0,
  className: 'person',
  confidence: 0.123456,
  box: { x1: 10, y1: 20.04, x2: 110, y2: 60.04 },
  keypoints: [{ x: 1.2345, y: 2, visibility: 0.98765 }],
};

test('a detection is published by its centre and size, rounded, and fits the protocol', () => {
  const payload = detectionPayload(lying, { index: 0, trackId: 7, posture: 'low' });
  expect(payload).toEqual({
    class_name: 'person',
    confidence: 0.1235,
    tracker_id: 7,
    posture: 'low',
    bbox: { x: 60, y: 40, width: 100, height: 40 },
    keypoints: [{ x: 1.2, y: 2, visibility: 0.988 }],
  });
  expect(detectionSchema.safeParse(payload).success).toBe(true);
});

test('an unknown person has no tracker_id', () => {
  expect(detectionPayload(lying, undefined)).not.toHaveProperty('tracker_id');
});
