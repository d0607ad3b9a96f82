import type { Box } from '../detection/detection.ts';
import { type ModelDescription, ModelOutputError } from '../model/model-description.ts';
import type { RowFormat } from '../model/row-format.ts';
import type { InputSize } from '../movenet/input-size.ts';
import type { BoxCandidate } from './candidate.ts';
import { boxReader, type Outputs, rowReader } from './row-reader.ts';

/** Rounding of float16 lifts a probability this far above 1. */
const scoreTolerance = 0.01;
/** Boxes of people at the edge reach beyond the frame, but not by a whole frame. */
const farOutside = 1;
/** Share of boxes from which on they count as wrong rather than as outliers. */
const wrongShare = 0.5;
const invertedShare = 0.1;
/** Shares of the frame's sides stay below this, pixels do not. */
const largestShare = 2;

/**
 * Returns why the numbers in `outputs` cannot be meant as a description reads them, as the end of a sentence ("scores of 212 …");
 * undefined where they may be. All objects are judged, also those of low score; an object without a box is padding.
 */
export function contradiction(outputs: Outputs, description: ModelDescription): string | undefined {
  const { format, labels } = description;
  if (format === undefined) return undefined;
  try {
    const rows = filledRows(outputs, format);
    if (rows.length === 0) return undefined;
    return (
      wrongScores(outputs, format, rows) ??
      wrongIds(outputs, format, { rows, classes: labels.length }) ??
      wrongBoxes(outputs, format, { rows, size: description })
    );
  } catch (error) {
    if (error instanceof ModelOutputError) return error.message;
    throw error;
  }
}

function filledRows(outputs: Outputs, format: RowFormat): number[] {
  const { rows, at } = rowReader(outputs, format.box);
  return Array.from({ length: rows }, (_, row) => row).filter((row) => [0, 1, 2, 3].some((k) => at(row, k) !== 0));
}

function wrongScores(outputs: Outputs, format: RowFormat, rows: readonly number[]): string | undefined {
  const { lowest, highest } = [format.scores, format.objectness].reduce(
    (range, channels) =>
      channels === undefined ? range : widen(range, rowReader(outputs, channels), rows, channels.count),
    { lowest: 0, highest: 0 },
  );
  if (format.scoreCoding === 'logit') {
    return lowest >= 0 && highest > 0 && highest <= 1 ? 'scores between 0 and 1 instead of logits' : undefined;
  }
  // −1 marks unused rows
  const wrong = highest > 1 + scoreTolerance ? highest : lowest < -scoreTolerance && lowest !== -1 ? lowest : undefined;
  return wrong === undefined ? undefined : `scores of ${round(wrong)} instead of 0 to 1`;
}

function widen(
  range: { lowest: number; highest: number },
  reader: ReturnType<typeof rowReader>,
  rows: readonly number[],
  count: number,
): { lowest: number; highest: number } {
  let { lowest, highest } = range;
  for (const row of rows) {
    for (let k = 0; k < count; k++) {
      const value = reader.at(row, k);
      if (value < lowest) {
        lowest = value;
      }
      if (value > highest) {
        highest = value;
      }
    }
  }
  return { lowest, highest };
}

function wrongIds(
  outputs: Outputs,
  format: RowFormat,
  { rows, classes }: { rows: readonly number[]; classes: number },
): string | undefined {
  if (format.classId === undefined) return undefined;
  const ids = rowReader(outputs, format.classId);
  const scores = rowReader(outputs, format.scores);
  const found = rows.filter((row) => scores.at(row, 0) > 0).map((row) => ids.at(row, 0));
  const broken = found.find((id) => !Number.isInteger(id) || id < 0);
  if (broken !== undefined) return `class ids of ${round(broken)} instead of whole numbers`;
  const unnamed = found.find((id) => id >= classes);
  return unnamed === undefined
    ? undefined
    : `class id ${unnamed}, though only ${classes} classes have names (give all as "labels" in the JSON beside the model)`;
}

function wrongBoxes(
  outputs: Outputs,
  format: RowFormat,
  { rows, size }: { rows: readonly number[]; size: InputSize },
): string | undefined {
  const { at } = rowReader(outputs, format.box);
  const largest = rows.reduce((most, row) => Math.max(most, ...[0, 1, 2, 3].map((k) => Math.abs(at(row, k)))), 0);
  if (format.unit === 'pixels' && format.boxCoding !== 'cells' && largest <= largestShare) {
    return `boxes of at most ${round(largest)} instead of pixels`;
  }
  const boxOf = boxReader(outputs, format, size);
  const boxes = rows.map(boxOf);
  const far = boxes.filter((box) => isFarOutside(box, size));
  if (far.length > wrongShare * boxes.length) return `boxes far outside the frame, such as ${text(far[0])}`;
  const inverted = boxes.filter((box) => box.x2 < box.x1 || box.y2 < box.y1);
  if (inverted.length > invertedShare * boxes.length) return `boxes of negative size, such as ${text(inverted[0])}`;
  // the cells of a grid lie all over the frame; undecoded ones have centres near 0
  const everywhere = !format.endToEnd && format.boxCoding === 'centre' && boxes.length > 100;
  if (everywhere && boxes.every((box) => (box.x1 + box.x2) / 2 < size.width / 4)) {
    return 'boxes that all lie at the left edge';
  }
  return undefined;
}

/**
 * Drops single boxes that cannot be right. Throws `ModelOutputError` where scores are above 1 or half of the boxes or more are far
 * outside the frame: then the model is read by a wrong layout, and nothing it gave may be used.
 */
export function plausible(
  candidates: readonly BoxCandidate[],
  { layout, width, height }: ModelDescription,
): BoxCandidate[] {
  const wrong = candidates.find(({ confidence }) => confidence > 1 + scoreTolerance);
  if (wrong !== undefined) throw wrongAnswer(`a score of ${round(wrong.confidence)} instead of 0 to 1`, layout);
  const kept = candidates.filter(({ box }) => !isFarOutside(box, { width, height }));
  const [far] = candidates.filter((candidate) => !kept.includes(candidate));
  if (far !== undefined && kept.length <= candidates.length * wrongShare) {
    throw wrongAnswer(`boxes far outside the frame, such as ${text(far.box)}`, layout);
  }
  return kept.map((candidate) => (candidate.confidence > 1 ? { ...candidate, confidence: 1 } : candidate));
}

function wrongAnswer(what: string, layout: string): ModelOutputError {
  return new ModelOutputError(
    `The model's answer cannot be right: it contains ${what}. It was read as ${layout}; export the model in a known layout or name the right one as "layout" in the JSON beside it, see docs/models.md.`,
  );
}

function isFarOutside({ x1, y1, x2, y2 }: Box, { width, height }: InputSize): boolean {
  const inside = (value: number, side: number): boolean =>
    value >= -farOutside * side && value <= (1 + farOutside) * side;
  return !(inside(x1, width) && inside(x2, width) && inside(y1, height) && inside(y2, height));
}

const round = (value: number): number => Number(value.toPrecision(3));
const text = (box: Box | undefined): string =>
  box === undefined ? '' : `(${[box.x1, box.y1, box.x2, box.y2].map(round).join(', ')})`;
