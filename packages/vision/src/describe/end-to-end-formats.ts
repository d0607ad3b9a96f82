import type { TensorMetadata } from '../model/model-description.ts';
import { bothUnits, channelsOf, type FormatProposal, part, rgbBytes, rgbShares } from './format-proposal.ts';
import { jointChannels } from './joint-order.ts';
import type { ModelFacts } from './model-facts.ts';

/** More objects than any export with NMS inside keeps; beyond, the rows are the cells of a grid. */
const mostObjects = 1000;
/** Mask coefficients of a segmentation model, which are not read. */
const maskCoefficients = 32;

/**
 * Returns the ways to read `[1, N, 6 + rest]`: corners, score and class id (or class id and score), then nothing, joints,
 * or mask coefficients: YOLOv8 and later with NMS inside, YOLOv10, YOLO26 detect, pose and segment.
 */
export function endToEndFormats(output: TensorMetadata, facts: ModelFacts): FormatProposal[] {
  const [, rows, numbers] = output.shape;
  if (typeof numbers !== 'number' || numbers < 6 || Number(rows) > mostObjects * 5) return [];
  const shape = facts.jointShape ?? ([17, 3] as const);
  const pose = numbers === 6 + shape[0] * shape[1];
  if (!pose && numbers !== 6 && (numbers !== 6 + maskCoefficients || facts.jointShape !== undefined)) return [];
  if (numbers !== 6 && typeof rows === 'number' && rows > mostObjects) return [];
  const all = channelsOf(output, 'rows', numbers);
  const joints = pose ? jointChannels(all, 6, shape, facts) : undefined;
  return [4, 5].flatMap((score) =>
    bothUnits({
      layout: pose ? 'end-to-end-pose' : 'end-to-end',
      pixels: rgbShares,
      classes: undefined,
      format: {
        boxCoding: 'corners',
        unit: 'pixels',
        box: part(all, 0, 4),
        scores: part(all, score, 1),
        scoreCoding: 'probability',
        classId: part(all, 9 - score, 1),
        joints,
        endToEnd: true,
      },
    }),
  );
}

/**
 * Returns the ways to read `[objects, numbers]` of a batch of one: index in the batch, corners, score and class id (YOLO-NAS) or
 * class id and score (YOLOv7), or score and joints (YOLO-NAS pose).
 */
export function flatFormats(output: TensorMetadata, facts: ModelFacts): FormatProposal[] {
  const [, numbers] = output.shape;
  if (typeof numbers !== 'number') return [];
  const all = channelsOf(output, 'rows', numbers);
  const shape = facts.jointShape ?? ([17, 3] as const);
  const pose = numbers === 6 + shape[0] * shape[1];
  if (numbers !== 7 && !pose) return [];
  return [rgbShares, rgbBytes].flatMap((pixels) =>
    (pose ? [5] : [5, 6]).flatMap((score) =>
      bothUnits({
        layout: 'flat',
        pixels,
        classes: pose ? 1 : undefined,
        format: {
          boxCoding: 'corners',
          unit: 'pixels',
          box: part(all, 1, 4),
          scores: part(all, score, 1),
          scoreCoding: 'probability',
          classId: pose ? undefined : part(all, 11 - score, 1),
          joints: pose ? jointChannels(all, 6, shape, facts) : undefined,
          endToEnd: true,
        },
      }),
    ),
  );
}
