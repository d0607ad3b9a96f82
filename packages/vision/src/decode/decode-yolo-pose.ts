import type { Keypoint } from '../model/detection.ts';
import type { TensorView } from '../model/model-description.ts';
import type { Candidate, CandidateQuery } from './candidate.ts';
import { yoloBox } from './decode-yolo.ts';

const firstJointRow = 5;

/** YOLOv8/11 pose as Ultralytics exports it: `[1, 56, N]`: cx, cy, w, h, person score, 17 × (x, y, visibility). */
export function decodeYoloPose(output: TensorView, query: CandidateQuery): Candidate[] {
  const [, rows = 0, cells = 0] = output.dims;
  const { data } = output;
  const found: Candidate[] = [];
  for (let cell = 0; cell < cells; cell++) {
    const confidence = data[4 * cells + cell] as number;
    if (confidence < query.confidence) continue;
    const keypoints: Keypoint[] = [];
    for (let row = firstJointRow; row + 2 < rows; row += 3) {
      const at = (k: number) => data[(row + k) * cells + cell] as number;
      keypoints.push({ x: at(0), y: at(1), visibility: at(2) });
    }
    found.push({ classId: 0, confidence, box: yoloBox(data, cells, cell), keypoints });
  }
  return found;
}
