import type { Box, Keypoint } from '../detection/detection.ts';

/** A raw find in pixels of the model's (possibly turned) input. */
export interface BoxCandidate {
  readonly classId: number;
  readonly confidence: number;
  readonly box: Box;
  readonly keypoints?: readonly Keypoint[] | undefined;
}

/** What every decoder is asked: scores from `confidence` on, of these class ids only (all where absent). */
export interface CandidateQuery {
  readonly confidence: number;
  readonly classIds?: readonly number[] | undefined;
}

/** Class ids to look at, of `count` classes. */
export function wantedClasses(query: CandidateQuery, count: number): readonly number[] {
  return query.classIds?.filter((id) => id < count) ?? Array.from({ length: count }, (_, id) => id);
}

export function boxFromCentre(cx: number, cy: number, width: number, height: number): Box {
  return { x1: cx - width / 2, y1: cy - height / 2, x2: cx + width / 2, y2: cy + height / 2 };
}
