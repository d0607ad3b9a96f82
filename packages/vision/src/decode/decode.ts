import { boxArea } from '../detection/box.ts';
import type { Detection } from '../detection/detection.ts';
import { type LetterboxGeometry, unletterbox, unletterboxPoint } from '../frame/letterbox.ts';
import { unmirrorBox, unmirrorJoints } from '../frame/mirror.ts';
import { unturnBox, unturnPoint } from '../frame/turn.ts';
import { personClass } from '../model/class-names.ts';
import { cocoLabelOf } from '../model/coco-labels.ts';
import { type ModelDescription, ModelDescriptionError, type Showing } from '../model/model-description.ts';
import type { BoxCandidate, CandidateQuery } from './candidate.ts';
import { decodeMoveNet } from './decode-movenet.ts';
import { decodeRows } from './decode-rows.ts';
import { plausible } from './judge-outputs.ts';
import { nms } from './nms.ts';
import type { Outputs } from './row-reader.ts';

export interface DecodeOptions extends Showing {
  /** Least score of a detection, 0..1. */
  readonly confidence: number;
  /** Where the camera's frame lies in the model's input. */
  readonly geometry: LetterboxGeometry;
  /** Only these class names; all where absent. Persons alone are several times quicker to read. */
  readonly classNames?: readonly string[];
}

const nmsLimit = 0.5;

/**
 * Reads a model's outputs (by output name) into detections in pixels of the camera's image, most confident first.
 * NMS at IoU 0.5 within a class, except for end-to-end models, which did it themselves.
 * Throws `ModelOutputError` (`model_invalid`) where an output is missing or its numbers cannot be right (scores above 1, boxes far
 * outside the frame). NaN scores are never detections.
 */
export function decode(outputs: Outputs, description: ModelDescription, options: DecodeOptions): Detection[] {
  const { classNames } = options;
  const query: CandidateQuery = {
    confidence: options.confidence,
    classIds: classNames && description.labels.flatMap((label, id) => (classNames.includes(label) ? [id] : [])),
  };
  const person = description.labels.indexOf(personClass);
  // several classes may mean a person: one person is one object
  const found = plausible(candidates(outputs, description, query), description).map((candidate) =>
    description.labels[candidate.classId] === personClass ? { ...candidate, classId: person } : candidate,
  );
  const kept = description.format?.endToEnd === true ? found : nms(found, nmsLimit);
  return kept.map((candidate) => toDetection(candidate, description, options)).filter(({ box }) => boxArea(box) >= 1);
}

function candidates(outputs: Outputs, description: ModelDescription, query: CandidateQuery): BoxCandidate[] {
  const { layout, format, width, height } = description;
  if (format !== undefined) return decodeRows(outputs, format, { ...query, width, height });
  if (layout === 'movenet') return decodeMoveNet(outputs, query);
  throw new ModelDescriptionError(`The layout "${layout}" has no decoder.`);
}

function toDetection(candidate: BoxCandidate, description: ModelDescription, options: DecodeOptions): Detection {
  const { width, height } = description;
  const turn = options.turn ?? 0;
  const { box, keypoints: joints } = options.mirrored === true ? unmirrored(candidate, width) : candidate;
  const keypoints = joints?.map((joint) => {
    const there = unturnPoint(joint.x, joint.y, width, height, turn);
    return { ...unletterboxPoint(there.x, there.y, options.geometry), visibility: joint.visibility };
  });
  return {
    classId: candidate.classId,
    className: cocoLabelOf(description.labels, candidate.classId),
    confidence: candidate.confidence,
    box: unletterbox(unturnBox(box, width, height, turn), options.geometry),
    turned: turn !== 0 || options.mirrored === true ? true : undefined,
    keypoints,
  };
}

const unmirrored = ({ box, keypoints }: BoxCandidate, width: number): Pick<BoxCandidate, 'box' | 'keypoints'> =>
  keypoints === undefined
    ? { box: unmirrorBox(box, width) }
    : { box: unmirrorBox(box, width), keypoints: unmirrorJoints(keypoints, width) };
