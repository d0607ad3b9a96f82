import { iou } from '../detection/box.ts';
import type { Box } from '../detection/detection.ts';

/**
 * Greedy non-maximum suppression within each class: the most confident box stays, others overlapping it with an
 * IoU above `limit` go. Result in order of falling confidence.
 */
export function nms<T extends { readonly classId: number; readonly confidence: number; readonly box: Box }>(
  candidates: readonly T[],
  limit: number,
): T[] {
  const kept: T[] = [];
  for (const candidate of [...candidates].sort((a, b) => b.confidence - a.confidence)) {
    if (!kept.some((other) => other.classId === candidate.classId && iou(other.box, candidate.box) > limit)) {
      kept.push(candidate);
    }
  }
  return kept;
}
