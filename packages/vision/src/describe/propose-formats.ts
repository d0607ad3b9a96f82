import type { ModelMetadata, TensorMetadata } from '../model/model-description.ts';
import { isMoveNet } from '../movenet/heads.ts';
import { denseFormats } from './dense-formats.ts';
import { endToEndFormats, flatFormats } from './end-to-end-formats.ts';
import { type FormatProposal, rgbBytes } from './format-proposal.ts';
import type { ModelFacts } from './model-facts.ts';
import { severalOutputFormats } from './several-output-formats.ts';

/** The known layouts in words, for error messages; docs/models.md explains them. */
export const knownLayouts =
  'YOLOv5 to YOLO26, YOLOX, YOLO-NAS, RT-DETR, D-FINE, RF-DETR, RTMO, end-to-end [1,N,6], MoveNet MultiPose with its six heads';

/**
 * Returns the ways in which a model may be read, by the names and shapes of its outputs, likeliest first. Shapes that
 * several exporters use for different numbers give several; the numbers of a trial decide (`judge-outputs.ts`).
 * Empty where no known layout fits. Throws `ModelDescriptionError` where the model's own facts contradict its shapes.
 */
export function proposeFormats(metadata: ModelMetadata, input: TensorMetadata, facts: ModelFacts): FormatProposal[] {
  const { outputs } = metadata;
  if (isMoveNet(outputs)) return [{ layout: 'movenet', pixels: rgbBytes, classes: 1 }];
  const [output, second] = outputs;
  if (output === undefined) return [];
  const rank = output.shape.length;
  if (rank === 2 && outputs.length === 1) return flatFormats(output, facts);
  const masks = maskCoefficients(outputs);
  if (rank === 3 && (second === undefined || masks !== undefined)) {
    const cells = gridCells(input);
    const dense = { output, masks: masks ?? 0, cells };
    const complete = endToEndFormats(output, facts);
    if (complete.length === 0) return denseFormats(dense, facts);
    // a name per class score, or a YOLOX for one class: the same shape
    const few = facts.labels?.length === Number(output.shape[2]) - 4 || output.shape[1] === cells;
    return few ? [...complete, ...denseFormats(dense, facts)] : complete;
  }
  return severalOutputFormats(outputs, facts);
}

/** Segmentation: a second output `[1, coefficients, h, w]` with the prototypes of the masks. */
function maskCoefficients(outputs: readonly TensorMetadata[]): number | undefined {
  const [, prototypes, ...others] = outputs;
  const [, count, , width] = prototypes?.shape.length === 4 && others.length === 0 ? prototypes.shape : [];
  // joints of their own have 2 or 3 numbers in the last dimension
  return typeof count === 'number' && width !== 2 && width !== 3 ? count : undefined;
}

/** Cells of the grids of strides 8, 16 and 32; undefined where the input's size is free. */
function gridCells(input: TensorMetadata): number | undefined {
  const [a, b] = input.shape.filter((side): side is number => typeof side === 'number' && side > 3);
  return a === undefined || b === undefined
    ? undefined
    : [8, 16, 32].reduce((sum, stride) => sum + Math.floor(a / stride) * Math.floor(b / stride), 0);
}
