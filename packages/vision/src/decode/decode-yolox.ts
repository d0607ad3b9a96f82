import type { TensorView } from '../model/model-description.ts';
import { boxFromCentre, type Candidate, type CandidateQuery, wantedClasses } from './candidate.ts';

const strides = [8, 16, 32];

/**
 * YOLOX as Megvii exports it without `decode_in_inference`: `[1, N, 5 + classes]`, for each cell of the grids of
 * strides 8, 16, 32: dx, dy, log w, log h in strides, objectness, class scores. Centre = (d + cell) × stride,
 * size = exp × stride (Ge et al. 2021, `demo_postprocess`). `width`, `height` of the input, px.
 */
export function decodeYolox(
  output: TensorView,
  query: CandidateQuery & { width: number; height: number },
): Candidate[] {
  const [, , columns = 0] = output.dims;
  const classes = wantedClasses(query, columns - 5);
  const found: Candidate[] = [];
  let offset = 0;
  for (const stride of strides) {
    const across = Math.floor(query.width / stride);
    const down = Math.floor(query.height / stride);
    for (let cell = 0; cell < across * down; cell++, offset += columns) {
      const best = bestClass(output.data, offset, classes);
      if (best.confidence < query.confidence) continue;
      const at = (k: number) => output.data[offset + k] as number;
      const cx = (at(0) + (cell % across)) * stride;
      const cy = (at(1) + Math.floor(cell / across)) * stride;
      found.push({ ...best, box: boxFromCentre(cx, cy, Math.exp(at(2)) * stride, Math.exp(at(3)) * stride) });
    }
  }
  return found;
}

function bestClass(
  data: Float32Array,
  offset: number,
  classes: readonly number[],
): { classId: number; confidence: number } {
  const objectness = data[offset + 4] as number;
  let best = { classId: 0, confidence: 0 };
  for (const classId of classes) {
    const confidence = objectness * (data[offset + 5 + classId] as number);
    if (confidence > best.confidence) best = { classId, confidence };
  }
  return best;
}
