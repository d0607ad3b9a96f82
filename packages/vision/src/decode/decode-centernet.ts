import { ModelDescriptionError, type TensorView } from '../model/model-description.ts';
import { type Candidate, type CandidateQuery, wantedClasses } from './candidate.ts';

/** A four-dimensional map read the same way whether its channels come last or first. */
interface FeatureMap {
  readonly data: Float32Array;
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
  at(channel: number, y: number, x: number): number;
}

function featureMap({ data, dims }: TensorView): FeatureMap {
  const [, b = 0, c = 0, d = 0] = dims;
  if (d === 4 || d < b) {
    return { data, rows: b, columns: c, channels: d, at: (k, y, x) => data[(y * c + x) * d + k] as number };
  }
  return { data, channels: b, rows: c, columns: d, at: (k, y, x) => data[(k * c + y) * d + x] as number };
}

function pickMaps(outputs: Readonly<Record<string, TensorView>>): { heat: FeatureMap; sizes: FeatureMap } {
  const maps = Object.entries(outputs).map(([name, tensor]) => ({ name, map: featureMap(tensor) }));
  const sizes = maps.find(({ map }) => map.channels === 4)?.map;
  // The third output, the 3×3 maximum, is not needed: a peak is found by looking at its eight neighbours.
  const heat = maps.find(({ name, map }) => map.channels !== 4 && !/max|pool/i.test(name))?.map;
  if (!heat || !sizes)
    throw new ModelDescriptionError('CenterNet needs a heat map and a map of four distances among its outputs.');
  return { heat, sizes };
}

function isPeak(heat: FeatureMap, channel: number, y: number, x: number, value: number): boolean {
  for (let v = Math.max(0, y - 1); v <= Math.min(heat.rows - 1, y + 1); v++) {
    for (let u = Math.max(0, x - 1); u <= Math.min(heat.columns - 1, x + 1); u++) {
      if (heat.at(channel, v, u) > value) return false;
    }
  }
  return true;
}

/**
 * CenterNet (Zhou et al. 2019, "Objects as Points"): a heat map (after sigmoid) `[1,h,w,classes]` and the distances
 * left, top, right, bottom in input pixels `[1,h,w,4]` from the cell's place `(stride·x, stride·y)`. Channels may also
 * come first. A cell that is the maximum of its 3×3 neighbourhood is a detection. `width` of the input, px.
 */
export function decodeCenterNet(
  outputs: Readonly<Record<string, TensorView>>,
  query: CandidateQuery & { width: number },
): Candidate[] {
  const { heat, sizes } = pickMaps(outputs);
  const stride = query.width / heat.columns;
  const found: Candidate[] = [];
  for (const classId of wantedClasses(query, heat.channels)) {
    for (let y = 0; y < heat.rows; y++) {
      for (let x = 0; x < heat.columns; x++) {
        const confidence = heat.at(classId, y, x);
        if (confidence < query.confidence || !isPeak(heat, classId, y, x, confidence)) continue;
        const [cx, cy] = [x * stride, y * stride];
        const side = (k: number) => sizes.at(k, y, x);
        found.push({
          classId,
          confidence,
          box: { x1: cx - side(0), y1: cy - side(1), x2: cx + side(2), y2: cy + side(3) },
        });
      }
    }
  }
  return found;
}
