import { type LetterboxGeometry, unletterbox, unletterboxPoint } from '../image/letterbox.ts';
import { unturnBox, unturnPoint } from '../image/turn.ts';
import { boxArea } from '../model/box.ts';
import { labelOf } from '../model/coco-labels.ts';
import type { Detection } from '../model/detection.ts';
import {
  type ModelDescription,
  ModelDescriptionError,
  type TensorView,
  type Turn,
} from '../model/model-description.ts';
import { decodeMoveNet } from '../movenet/decode-movenet.ts';
import type { Candidate, CandidateQuery } from './candidate.ts';
import { decodeEndToEnd } from './decode-end-to-end.ts';
import { decodeYolo } from './decode-yolo.ts';
import { decodeYoloPose } from './decode-yolo-pose.ts';
import { decodeYolox } from './decode-yolox.ts';
import { nms } from './nms.ts';

export interface DecodeOptions {
  /** Least score of a detection, 0..1. */
  readonly confidence: number;
  /** Where the camera's picture lies in the model's input. */
  readonly geometry: LetterboxGeometry;
  /** How the picture was turned for this pass; default 0. */
  readonly turn?: Turn;
  /** Only these class names; all where absent. Persons alone are several times quicker to read. */
  readonly classNames?: readonly string[];
}

const nmsLimit = 0.5;

/**
 * Reads a model's outputs (by output name) into detections in pixels of the camera's image, most confident first.
 * NMS at IoU 0.5 within a class, but for end-to-end models, which did it themselves.
 * Throws `ModelDescriptionError` (`model_invalid`) where an output is missing. NaN scores are never detections.
 */
export function decode(
  outputs: Readonly<Record<string, TensorView>>,
  description: ModelDescription,
  options: DecodeOptions,
): Detection[] {
  const { classNames } = options;
  const query: CandidateQuery = {
    confidence: options.confidence,
    ...(classNames && {
      classIds: description.labels.flatMap((label, id) => (classNames.includes(label) ? [id] : [])),
    }),
  };
  const found = candidates(outputs, description, query);
  const kept = description.layout === 'end-to-end' ? found : nms(found, nmsLimit);
  return kept.map((candidate) => toDetection(candidate, description, options)).filter(({ box }) => boxArea(box) >= 1);
}

function candidates(
  outputs: Readonly<Record<string, TensorView>>,
  description: ModelDescription,
  query: CandidateQuery,
): Candidate[] {
  const { layout, width, height } = description;
  if (layout === 'movenet') return decodeMoveNet(outputs, query);
  const [first] = description.outputs;
  const output = outputs[first?.name ?? ''];
  if (!output) throw new ModelDescriptionError(`The model gave no output "${first?.name}".`);
  switch (layout) {
    case 'yolo-detect':
      return decodeYolo(output, query);
    case 'yolo-pose':
      return decodeYoloPose(output, query);
    case 'yolox':
      return decodeYolox(output, { ...query, width, height });
    case 'end-to-end':
      return decodeEndToEnd(output, query);
  }
}

function toDetection(candidate: Candidate, description: ModelDescription, options: DecodeOptions): Detection {
  const { width, height } = description;
  const turn = options.turn ?? 0;
  const keypoints = candidate.keypoints?.map((joint) => {
    const there = unturnPoint(joint.x, joint.y, width, height, turn);
    return { ...unletterboxPoint(there.x, there.y, options.geometry), visibility: joint.visibility };
  });
  return {
    classId: candidate.classId,
    className: labelOf(description.labels, candidate.classId),
    confidence: candidate.confidence,
    box: unletterbox(unturnBox(candidate.box, width, height, turn), options.geometry),
    ...(turn !== 0 && { turned: true }),
    ...(keypoints && { keypoints }),
  };
}
