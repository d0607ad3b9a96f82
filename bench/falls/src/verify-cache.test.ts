import type { Detection } from '@vigilia/vision';
import { differenceOf } from './verify-cache.ts';

const found = (confidence: number, x1: number): Detection => ({
  classId: 0,
  className: 'person',
  confidence,
  box: { x1, y1: 0, x2: 100, y2: 100 },
});

test('detections that differ only by the rounding of the cache are the same', () => {
  expect(differenceOf([found(0.5, 10)], [found(0.5004, 10.04)])).toBeUndefined();
});

test.each([
  ['another confidence', [found(0.45, 10)], 'confidence 0.5 in the cache, 0.45 now'],
  ['another box', [found(0.5, 14)], 'a box differs by 4.0 px'],
  ['one more person', [found(0.5, 10), found(0.4, 60)], '1 detections in the cache, 2 now'],
])('%s means that the cache is of another product, and stops the evaluation', (_, fresh, text) => {
  expect(differenceOf([found(0.5, 10)], fresh)).toBe(text);
});
