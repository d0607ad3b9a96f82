import { ModelDescriptionError, type TensorMetadata } from '../model/model-description.ts';
import type { RowChannels } from '../model/row-format.ts';
import { bgrBytes, bothUnits, channelsOf, type FormatProposal, part, rgbShares } from './format-proposal.ts';
import { jointChannels } from './joint-order.ts';
import type { ModelFacts } from './model-facts.ts';

type Side = number | string | undefined;

/** A single output `[1, a, b]` with a score for every class of every object. */
export interface DenseOutput {
  readonly output: TensorMetadata;
  /** Mask coefficients at the end of each object (segmentation models); they are not read. */
  readonly masks: number;
  /** Cells of the grids of strides 8, 16 and 32 of the model's input; undefined where its size is free. */
  readonly cells: number | undefined;
}

/**
 * Returns the ways in which a dense output may be read, likeliest first: Ultralytics detect, pose and segment
 * (`[1, 4 + classes, N]`, also transposed or with shares instead of pixels), YOLOX before and after its grid decoding,
 * YOLOv5, YOLOv6 and YOLOv7 (`[1, N, 5 + classes]`). Empty where the shape fits none.
 * Throws `ModelDescriptionError` where the names in the file contradict the shape.
 */
export function denseFormats(dense: DenseOutput, facts: ModelFacts): FormatProposal[] {
  const { output, masks, cells } = dense;
  const { objects, numbers, rows } = orientation(output, cells);
  if (numbers === undefined || numbers < 5 + masks) return [];
  const all = channelsOf(output, objects, numbers);
  const poses = poseFormats(all, facts);
  if (poses !== undefined && facts.jointShape !== undefined) return poses;
  const onGrid = rows === cells || typeof rows !== 'number' || cells === undefined;
  const objectness = hasObjectness(numbers - 5 - masks, facts, rows === cells);
  const plain =
    facts.labels === undefined ? !objectness && poses === undefined : facts.labels.length === numbers - 4 - masks;
  const found = [
    ...(poses ?? []),
    ...(objectness ? objectnessFormats(all, masks, onGrid) : []),
    ...(plain ? plainFormats(all, masks) : []),
  ];
  if (found.length > 0) return found;
  throw new ModelDescriptionError(
    `The model has names for ${facts.labels?.length} classes, but its output ${output.name} [${output.shape.join(',')}] has scores for ${numbers - 4 - masks}; give all names as "labels" in the JSON beside the model.`,
  );
}

/** The side that equals the number of cells counts the objects; without one, the longer side does. */
function orientation(
  output: TensorMetadata,
  cells: number | undefined,
): { objects: RowChannels['objects']; numbers: number | undefined; rows: Side } {
  const [, a, b] = output.shape;
  const asRows = { objects: 'rows' as const, numbers: typeof b === 'number' ? b : undefined, rows: a };
  const asColumns = { objects: 'columns' as const, numbers: typeof a === 'number' ? a : undefined, rows: b };
  if (typeof a !== 'number') return asRows;
  if (typeof b !== 'number' || b === cells) return asColumns;
  return a === cells || a > b ? asRows : asColumns;
}

/** 85 numbers are COCO's classes with objectness; six in each cell of the grids are a YOLOX for one class. */
function hasObjectness(classes: number, facts: ModelFacts, everyCell: boolean): boolean {
  if (facts.labels !== undefined) return classes === facts.labels.length;
  return classes === 80 || (classes === 1 && everyCell);
}

function plainFormats(all: RowChannels, masks: number): FormatProposal[] {
  const classes = all.numbers - 4 - masks;
  return bothUnits({
    layout: 'yolo-detect',
    pixels: rgbShares,
    classes,
    format: {
      boxCoding: 'centre',
      unit: 'pixels',
      box: part(all, 0, 4),
      scores: part(all, 4, classes),
      scoreCoding: 'probability',
      endToEnd: false,
    },
  });
}

function objectnessFormats(all: RowChannels, masks: number, onGrid: boolean): FormatProposal[] {
  const classes = all.numbers - 5 - masks;
  const format = {
    boxCoding: 'centre',
    unit: 'pixels',
    box: part(all, 0, 4),
    objectness: part(all, 4, 1),
    scores: part(all, 5, classes),
    scoreCoding: 'probability',
    endToEnd: false,
  } as const;
  const decoded = bothUnits({ layout: 'yolo-objectness', pixels: rgbShares, classes, format });
  if (!onGrid) return decoded;
  const raw: FormatProposal = { layout: 'yolox', pixels: bgrBytes, classes, format: { ...format, boxCoding: 'cells' } };
  const megvii: FormatProposal = { layout: 'yolo-objectness', pixels: bgrBytes, classes, format };
  // Megvii names the output `output`; YOLOv6, whose shape is the same, `outputs`
  return all.output === 'output' ? [raw, megvii, ...decoded] : [raw, ...decoded, megvii];
}

/** Poses where the file gives the number of joints; 56 numbers of unnamed classes are a person with COCO's 17 joints. */
function poseFormats(all: RowChannels, facts: ModelFacts): FormatProposal[] | undefined {
  const likely = all.numbers === 56 && (facts.labels === undefined || facts.labels.length === 1);
  const shape = facts.jointShape ?? (likely ? ([17, 3] as const) : undefined);
  if (shape === undefined) return undefined;
  const classes = all.numbers - 4 - shape[0] * shape[1];
  if (classes < 1 || (facts.labels !== undefined && facts.labels.length !== classes)) {
    if (facts.jointShape === undefined) return undefined;
    throw new ModelDescriptionError(
      `The model has ${shape[0]} joints of ${shape[1]} numbers and ${facts.labels?.length ?? 'no'} class names, which does not fit the ${all.numbers} numbers per object in its output ${all.output}; correct "kptShape" and "labels" in the JSON beside the model.`,
    );
  }
  return bothUnits({
    layout: 'yolo-pose',
    pixels: rgbShares,
    classes,
    format: {
      boxCoding: 'centre',
      unit: 'pixels',
      box: part(all, 0, 4),
      scores: part(all, 4, classes),
      scoreCoding: 'probability',
      joints: jointChannels(all, 4 + classes, shape, facts),
      endToEnd: false,
    },
  });
}
