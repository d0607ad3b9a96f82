import type { Detection } from '@vigilia/vision';

export interface InferenceResult {
  /** Boxes and keypoints in pixels of the camera's image. */
  readonly detections: readonly Detection[];
  /** Time inside the model, ms. */
  readonly inferenceMs: number;
  readonly passes: number;
}
