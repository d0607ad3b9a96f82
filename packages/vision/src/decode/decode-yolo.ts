import type { TensorView } from '../model/model-description.ts';
import { boxFromCentre, type Candidate, type CandidateQuery, wantedClasses } from './candidate.ts';

/**
 * YOLOv8/11 detect as Ultralytics exports it: `[1, 4 + classes, N]`, rows cx, cy, w, h in input pixels, then one score
 * row (after sigmoid) a class. Rows are read one after the other, as they lie in memory.
 */
export function decodeYolo(output: TensorView, query: CandidateQuery): Candidate[] {
  const [, rows = 0, cells = 0] = output.dims;
  const { data } = output;
  const { confidence: least } = query;
  const best = new Map<number, { classId: number; confidence: number }>();
  for (const classId of wantedClasses(query, rows - 4)) {
    const from = (4 + classId) * cells;
    const to = from + cells;
    // hundreds of thousands of scores a picture, nearly all of them too low
    for (let at = from; at < to; at++) {
      if ((data[at] as number) < least) continue;
      const confidence = data[at] as number;
      const cell = at - from;
      if (confidence > (best.get(cell)?.confidence ?? 0)) best.set(cell, { classId, confidence });
    }
  }
  return [...best].map(([cell, found]) => ({ ...found, box: yoloBox(data, cells, cell) }));
}

/** The box of one cell in a channel-major YOLO output. */
export function yoloBox(data: Float32Array, cells: number, cell: number) {
  const at = (row: number) => data[row * cells + cell] as number;
  return boxFromCentre(at(0), at(1), at(2), at(3));
}
