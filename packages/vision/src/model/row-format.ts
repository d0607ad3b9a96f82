/**
 * Some numbers of each object in one output of a model. `rows`: the numbers of an object lie side by side
 * (`[1, objects, numbers]`, `[objects, numbers]`, `[1, objects]`); `columns`: the objects do (`[1, numbers, objects]`).
 */
export interface RowChannels {
  readonly output: string;
  readonly objects: 'rows' | 'columns';
  /** Numbers of one object in this output, of which these are `count` from `first` on. */
  readonly numbers: number;
  readonly first: number;
  readonly count: number;
}

export interface JointChannels extends RowChannels {
  /** 2: x, y; 3: x, y, visibility 0..1. */
  readonly numbersPerJoint: 2 | 3;
  /** For each of the 17 joints of COCO its index among the model's joints; −1: the model does not have it. */
  readonly cocoOrder: readonly number[];
}

/**
 * Where a detector writes what it found, and in which coding: one row (or column) per possible object. Every layout
 * except heat maps is such a format, so one decoder reads them all (`decode-rows.ts`). Serialisable.
 */
export interface RowFormat {
  /** `corners`: x1, y1, x2, y2; `centre`: cx, cy, w, h; `cells`: YOLOX before its grid decoding. */
  readonly boxCoding: 'corners' | 'centre' | 'cells';
  /** Pixels of the model's input, or shares 0..1 of its sides. Joints have the same unit. */
  readonly unit: 'pixels' | 'share';
  readonly box: RowChannels;
  /** One score per class; a single one is the score of the best class, whose id is in `classId` (absent: class 0). */
  readonly scores: RowChannels;
  readonly scoreCoding: 'probability' | 'logit';
  readonly classId?: RowChannels | undefined;
  /** A factor for every score of the object. */
  readonly objectness?: RowChannels | undefined;
  readonly joints?: JointChannels | undefined;
  /** The model removes duplicates itself; otherwise NMS follows. */
  readonly endToEnd: boolean;
}
