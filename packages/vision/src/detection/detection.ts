/** Axis-parallel rectangle in pixels; x to the right, y down; `x1 ≤ x2`, `y1 ≤ y2`. */
export interface Box {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** One joint of a pose; pixels of the same image as the box, visibility 0..1. */
export interface Keypoint {
  readonly x: number;
  readonly y: number;
  readonly visibility: number;
}

/** One object a model found. After `decode` everything is in pixels of the camera's own image. */
export interface Detection {
  readonly classId: number;
  readonly className: string;
  /** 0..1. */
  readonly confidence: number;
  readonly box: Box;
  /** Found only (or better) in the frame turned by ±90°, or in one that was mirrored. */
  readonly turned?: true | undefined;
  /** 17 joints in COCO order (pose models only). */
  readonly keypoints?: readonly Keypoint[] | undefined;
}
