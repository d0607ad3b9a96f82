import type { Keypoint } from '../detection/detection.ts';
import type { RowFormat } from '../model/row-format.ts';
import type { InputSize } from '../movenet/input-size.ts';
import type { BoxCandidate, CandidateQuery } from './candidate.ts';
import { wantedClasses } from './candidate.ts';
import { boxReader, type Outputs, rowReader } from './row-reader.ts';

/** The best class of an object. */
interface Best {
  readonly row: number;
  readonly classId: number;
  readonly confidence: number;
}

/** Reads the objects of a model's outputs as a format describes them. Boxes and joints in pixels of the model's input. */
export function decodeRows(outputs: Outputs, format: RowFormat, query: CandidateQuery & InputSize): BoxCandidate[] {
  const boxOf = boxReader(outputs, format, query);
  const jointsOf = jointReader(outputs, format, query);
  return bestOf(outputs, format, query).map(({ row, classId, confidence }) => ({
    classId,
    confidence,
    box: boxOf(row),
    keypoints: jointsOf?.(row, confidence),
  }));
}

function bestOf(outputs: Outputs, format: RowFormat, query: CandidateQuery): Best[] {
  const logits = format.scoreCoding === 'logit';
  const least = logits ? logit(query.confidence) : query.confidence;
  const found =
    format.scores.count === 1 ? singleScores(outputs, format, least) : classScores(outputs, format, query, least);
  const wanted =
    query.classIds === undefined ? found : found.filter(({ classId }) => query.classIds?.includes(classId));
  return logits ? wanted.map((best) => ({ ...best, confidence: sigmoid(best.confidence) })) : wanted;
}

/** One score per object, with its class id beside it or of the only class. */
function singleScores(outputs: Outputs, format: RowFormat, least: number): Best[] {
  const scores = rowReader(outputs, format.scores);
  const ids = format.classId && rowReader(outputs, format.classId);
  const objectness = format.objectness && rowReader(outputs, format.objectness);
  const found: Best[] = [];
  for (let row = 0; row < scores.rows; row++) {
    const confidence = scores.at(row, 0) * (objectness?.at(row, 0) ?? 1);
    if (confidence >= least) {
      found.push({ row, classId: ids === undefined ? 0 : Math.round(ids.at(row, 0)), confidence });
    }
  }
  return found;
}

/**
 * A score per class: hundreds of thousands of numbers per frame, nearly all of them too low. They are read one after the other as
 * they lie in memory, and only those that are high enough are looked at any closer.
 */
function classScores(outputs: Outputs, format: RowFormat, query: CandidateQuery, least: number): Best[] {
  const { data, rows, rowStep, numberStep, start } = rowReader(outputs, format.scores);
  const objectness = format.objectness && rowReader(outputs, format.objectness);
  const best = new Map<number, Best>();
  const consider = (row: number, classId: number, score: number): void => {
    const confidence = score * (objectness?.at(row, 0) ?? 1);
    if (confidence < least || confidence <= (best.get(row)?.confidence ?? Number.NEGATIVE_INFINITY)) return;
    best.set(row, { row, classId, confidence });
  };
  const classes = wantedClasses(query, format.scores.count);
  if (format.scores.objects === 'columns') {
    for (const classId of classes) {
      const from = start + classId * numberStep;
      for (let row = 0; row < rows; row++) {
        const score = data[from + row] as number;
        if (score >= least) {
          consider(row, classId, score);
        }
      }
    }
    return [...best.values()];
  }
  for (let row = 0; row < rows; row++) {
    const from = start + row * rowStep;
    for (let index = 0; index < classes.length; index++) {
      const classId = classes[index] as number;
      const score = data[from + classId] as number;
      if (score >= least) {
        consider(row, classId, score);
      }
    }
  }
  return [...best.values()];
}

/** Returns the function that gives an object's joints in COCO's order; a joint the model does not have is not visible. */
function jointReader(outputs: Outputs, { joints, unit }: RowFormat, size: InputSize) {
  if (joints === undefined) return undefined;
  const { at } = rowReader(outputs, joints);
  const { numbersPerJoint, cocoOrder } = joints;
  const [across, down] = unit === 'share' ? [size.width, size.height] : [1, 1];
  return (row: number, confidence: number): Keypoint[] =>
    cocoOrder.map((index) => {
      if (index < 0) return { x: 0, y: 0, visibility: 0 };
      const from = index * numbersPerJoint;
      // a model without visibility knows only how sure it is of the person
      const visibility = numbersPerJoint === 3 ? at(row, from + 2) : confidence;
      return {
        x: at(row, from) * across,
        y: at(row, from + 1) * down,
        visibility: Math.min(Math.max(visibility, 0), 1),
      };
    });
}

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
const logit = (share: number): number => Math.log(share / (1 - share));
