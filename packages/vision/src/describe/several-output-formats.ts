import type { TensorMetadata } from '../model/model-description.ts';
import type { JointChannels, RowChannels, RowFormat } from '../model/row-format.ts';
import {
  bgrBytes,
  bothUnits,
  channelsOf,
  type FormatProposal,
  part,
  rgbBytes,
  rgbImageNet,
  rgbShares,
} from './format-proposal.ts';
import { jointChannels } from './joint-order.ts';
import type { ModelFacts } from './model-facts.ts';

/** More boxes than a model keeps that removes duplicates itself. */
const mostObjects = 1000;

/**
 * Returns the ways to read boxes, scores, class ids and joints that come as outputs of their own: RT-DETR, D-FINE, RF-DETR and
 * YOLO-NAS with and without their post-processing, RTMO. Empty for other outputs.
 */
export function severalOutputFormats(outputs: readonly TensorMetadata[], facts: ModelFacts): FormatProposal[] {
  const joints = outputs.find(({ shape }) => shape.length === 4 && (shape[3] === 2 || shape[3] === 3));
  const last = (tensor: TensorMetadata, numbers: number) => tensor.shape.length === 3 && tensor.shape[2] === numbers;
  const scored = outputs.find((tensor) => last(tensor, 5));
  if (scored !== undefined && joints !== undefined) return rtmo(scored, joints, facts);
  const fours = outputs.filter((tensor) => last(tensor, 4));
  const boxes = fours.find(({ name }) => /box|det/i.test(name)) ?? fours[0];
  if (boxes === undefined) return [];
  const classScores = outputs.find((tensor) => tensor !== boxes && tensor.shape.length === 3);
  if (classScores !== undefined) return perClass(boxes, classScores);
  const lists = outputs.filter(({ shape }) => shape.length === 2 && shape[1] !== 1);
  const ids = lists.find(({ type, name }) => /^u?int/.test(type ?? '') || /label|class|cls/i.test(name));
  const scores = lists.find((tensor) => tensor !== ids && tensor.type !== 'int64');
  if (scores === undefined || (ids === undefined && joints === undefined)) return [];
  return perObject(boxes, scores, ids, jointsOf(joints, facts));
}

/** RTMO as OpenMMLab exports it: `dets` [1, N, 5] corners and score, `keypoints` [1, N, joints, 3]; BGR 0..255. */
function rtmo(scored: TensorMetadata, joints: TensorMetadata, facts: ModelFacts): FormatProposal[] {
  const all = channelsOf(scored, 'rows', 5);
  return bothUnits({
    layout: 'rtmo',
    pixels: bgrBytes,
    classes: 1,
    format: {
      boxCoding: 'corners',
      unit: 'pixels',
      box: part(all, 0, 4),
      scores: part(all, 4, 1),
      scoreCoding: 'probability',
      joints: jointsOf(joints, facts),
      // exports with and without NMS have the same shape
      endToEnd: false,
    },
  });
}

/**
 * Boxes [1, N, 4] and a score per class [1, N, classes]. The DETR family gives shares (centre, size) and logits; YOLO-NAS gives
 * corners in pixels and probabilities, of frames in 0..1 or, with its own preprocessing inside, in bytes.
 */
function perClass(boxes: TensorMetadata, scores: TensorMetadata): FormatProposal[] {
  const classes = scores.shape[2];
  if (typeof classes !== 'number') return [];
  const base = { box: channelsOf(boxes, 'rows', 4), scores: channelsOf(scores, 'rows', classes) };
  const detr: RowFormat = { ...base, boxCoding: 'centre', unit: 'share', scoreCoding: 'logit', endToEnd: true };
  const nas: RowFormat = { ...base, boxCoding: 'corners', unit: 'pixels', scoreCoding: 'probability', endToEnd: false };
  const rfDetr = boxes.name === 'dets' && scores.name === 'labels';
  const detrPixels = rfDetr ? [rgbImageNet] : [rgbShares, rgbImageNet];
  return [
    ...detrPixels.map((pixels) => ({ layout: 'boxes-and-logits', pixels, classes, format: detr }) as const),
    ...detrPixels.map(
      (pixels) =>
        ({
          layout: 'boxes-and-logits',
          pixels,
          classes,
          format: { ...detr, scoreCoding: 'probability' },
        }) as const,
    ),
    ...[rgbShares, rgbBytes].flatMap((pixels) =>
      bothUnits({ layout: 'boxes-and-scores', pixels, classes, format: nas }),
    ),
  ];
}

/** Boxes [1, N, 4] with the best score [1, N] and its class id [1, N] (RT-DETR, D-FINE, YOLO-NAS), or with joints. */
function perObject(
  boxes: TensorMetadata,
  scores: TensorMetadata,
  ids: TensorMetadata | undefined,
  joints: JointChannels | undefined,
): FormatProposal[] {
  const [, count] = boxes.shape;
  return [rgbShares, rgbBytes].flatMap((pixels) =>
    bothUnits({
      layout: 'boxes-scores-labels',
      pixels,
      classes: ids === undefined ? 1 : undefined,
      format: {
        boxCoding: 'corners',
        unit: 'pixels',
        box: channelsOf(boxes, 'rows', 4),
        scores: channelsOf(scores, 'rows', 1),
        scoreCoding: 'probability',
        classId: ids === undefined ? undefined : channelsOf(ids, 'rows', 1),
        joints,
        endToEnd: typeof count !== 'number' || count <= mostObjects,
      },
    }),
  );
}

function jointsOf(joints: TensorMetadata | undefined, facts: ModelFacts): JointChannels | undefined {
  const [, , count, numbers] = joints?.shape ?? [];
  if (joints === undefined || typeof count !== 'number' || (numbers !== 2 && numbers !== 3)) return undefined;
  const all: RowChannels = channelsOf(joints, 'rows', count * numbers);
  return jointChannels(all, 0, [count, numbers], facts);
}
