import type { TensorView } from '../model/model-description.ts';
import type { Candidate, CandidateQuery } from './candidate.ts';

/** Models with NMS inside: `[1, N, 6]`: x1, y1, x2, y2 in input pixels, score, class id; unused rows have score 0. */
export function decodeEndToEnd(output: TensorView, query: CandidateQuery): Candidate[] {
  const [, rows = 0] = output.dims;
  const found: Candidate[] = [];
  for (let row = 0; row < rows; row++) {
    const at = (k: number) => output.data[row * 6 + k] as number;
    const confidence = at(4);
    const classId = Math.round(at(5));
    if (confidence < query.confidence || (query.classIds && !query.classIds.includes(classId))) continue;
    found.push({ classId, confidence, box: { x1: at(0), y1: at(1), x2: at(2), y2: at(3) } });
  }
  return found;
}
