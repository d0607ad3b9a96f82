import { moveNetOutputs } from '../movenet/heads.ts';
import type { ModelLayout, ModelMetadata, TensorMetadata } from './model-description.ts';

const shapeText = (tensor: TensorMetadata): string => `${tensor.name} [${tensor.shape.join(',')}]`;

/** The known layouts in words, for error messages and documentation. */
export const knownLayouts =
  'YOLOv8/11 detect [1,84,N], pose [1,56,N], YOLOX [1,N,85] (N cells of strides 8, 16 and 32), end-to-end [1,N,6], MoveNet MultiPose with its six heads';

function isMoveNet(outputs: readonly TensorMetadata[]): boolean {
  return Object.entries(moveNetOutputs).every(([name, channels]) =>
    outputs.some((output) => output.name === name && output.shape[1] === channels),
  );
}

/** Cells of the grids of a YOLOX of this input; undefined where its size is free. */
function yoloxRows(input: TensorMetadata | undefined): number | undefined {
  const sides = input?.shape.filter((side): side is number => typeof side === 'number' && side > 3) ?? [];
  const [a, b] = sides;
  return a === undefined || b === undefined ? undefined : [8, 16, 32].reduce((sum, s) => sum + (a / s) * (b / s), 0);
}

type Side = TensorMetadata['shape'][number] | undefined;

/** 85 columns are not enough: YOLOv5 has them too, three boxes a cell, with other numbers in them. */
function isYolox(rows: Side, columns: Side, cells: number | undefined): boolean {
  if (typeof rows !== 'number' || cells === undefined) return columns === 85;
  return rows === cells && (columns === 85 || rows > 256);
}

function fromThreeDimensions(output: TensorMetadata, input: TensorMetadata | undefined): ModelLayout | undefined {
  const [, rows, columns] = output.shape;
  if (columns === 6) return 'end-to-end';
  if (rows === 56) return 'yolo-pose';
  if (isYolox(rows, columns, yoloxRows(input))) return 'yolox';
  if (rows === 84) return 'yolo-detect';
  // A detector trained on other classes: few channels, many cells.
  if (
    typeof rows === 'number' &&
    rows > 4 &&
    rows <= 256 &&
    (typeof columns === 'string' || (columns ?? 0) > rows * 4)
  ) {
    return 'yolo-detect';
  }
  return undefined;
}

/**
 * Tells from the shapes of inputs and outputs how a model is to be read.
 * Returns the layout or `{error}`: a sentence that names the shapes found and the remedy.
 */
export function detectLayout(metadata: ModelMetadata): ModelLayout | { readonly error: string } {
  if (isMoveNet(metadata.outputs)) return 'movenet';
  const [output] = metadata.outputs;
  const layout =
    output !== undefined && metadata.outputs.length === 1 && output.shape.length === 3
      ? fromThreeDimensions(output, metadata.inputs[0])
      : undefined;
  return (
    layout ?? {
      error: `The model's outputs ${metadata.outputs.map(shapeText).join(', ') || '(none)'} are of no known layout (${knownLayouts}); export it in one of these or name "layout" in the JSON beside it.`,
    }
  );
}
