import type { ModelCalibration } from '../calibration/model-calibration.ts';
import { personProbability } from '../calibration/person-probability.ts';
import { boxArea, boxCentre, boxHeight, boxWidth } from '../detection/box.ts';
import type { Box, Detection, Keypoint } from '../detection/detection.ts';
import { jointAt, jointCount, jointGroups } from '../posture/body-points.ts';
import { boxPosture } from '../posture/box-posture.ts';
import { postureCoefficients, postureCoefficientsWithHeight } from '../posture/posture-coefficients.ts';
import { type PostureFeatures, postureFeatures, withStandingHeight } from '../posture/posture-features.ts';
import { type ByPosture, judgePosture } from '../posture/posture-model.ts';
import type { FrameZones } from '../zones/zone.ts';
import { bedShare, isAtSide, isIgnored, torsoBedShare } from '../zones/zone-rules.ts';
import { postureLikelihood, zoneLikelihood } from './evidence.ts';
import type { Place } from './movement.ts';
import { isCutOff } from './standing-height.ts';
import { type ByState, byState } from './states.ts';

/** What a detection shows of the state of a person. */
interface Judgement {
  readonly posture: ByPosture;
  /** How likely each state is to look like this. */
  readonly likelihood: ByState;
}

/** One detection as evidence. Lengths in image heights. */
export interface PersonDetection extends Judgement {
  /** Place in the list of detections. */
  readonly index: number;
  readonly box: Box;
  readonly place: Place;
  /** About the standing height of the person. */
  readonly scale: number;
  readonly confidence: number;
  /** Probability that it is a person, 0..1. */
  readonly person: number;
  readonly strong: boolean;
  /** An edge of the frame cuts the person off, as one who leaves. */
  readonly cutOff: boolean;
  /** The ankles are in sight, or the model shows no joints. */
  readonly anklesSeen: boolean;
  /**
   * Judges the same detection as a person of this standing height (image heights). Undefined where that would not help: the room has
   * learned the height at that place, the frame cuts the person off, or the model shows no joints.
   */
  readonly judgeAs?: ((standingHeight: number) => Judgement) | undefined;
}

/** What the observation of a room depends on. */
export interface DetectionContext {
  readonly frame: { readonly width: number; readonly height: number };
  readonly zones: FrameZones;
  /** What the model's confidences mean. */
  readonly calibration: ModelCalibration;
  /** Returns the standing height of a person with feet in row `y`, image heights; undefined where it is not known. */
  standingHeight(y: number): number | undefined;
}

/** From this person score on a sight is strong. */
const strongScore = 0.5;
/** A body is at least about as long as this share of its box's longer side. */
const scaleOfBox = 0.9;
/** In a room without a bed or sofa zone no person is in bed. */
const withoutBedZone = 1e-4;

/** Returns the sights of one frame: detections of class `person`, outside `ignore` zones. */
export function toPersonDetections(detections: readonly Detection[], context: DetectionContext): PersonDetection[] {
  return detections.flatMap((detection, index) => {
    if (detection.className !== 'person' || !(detection.confidence >= context.calibration.continueConfidence))
      return [];
    const { height } = context.frame;
    const { x1, y1, x2, y2 } = detection.box;
    const box = { x1: x1 / height, y1: y1 / height, x2: x2 / height, y2: y2 / height };
    if (!(boxArea(box) > 0) || isIgnored(box, context.zones)) return [];
    return [toPersonDetection(withNumbers(detection), index, box, context)];
  });
}

/** A joint that is not a number, or so far away that it cannot be one of this person, counts as not seen, at the middle of the box. */
function withNumbers(detection: Detection): Detection {
  const { box, keypoints } = detection;
  if (keypoints === undefined) return detection;
  const centre = boxCentre(box);
  const reach = 3 * Math.max(boxWidth(box), boxHeight(box));
  const isPlausible = ({ x, y, visibility }: Keypoint): boolean =>
    Math.abs(x - centre.x) <= reach && Math.abs(y - centre.y) <= reach && visibility >= 0;
  const joints = keypoints.map((joint): Keypoint => {
    if (!isPlausible(joint)) return { x: centre.x, y: centre.y, visibility: 0 };
    return { x: joint.x, y: joint.y, visibility: Math.min(1, joint.visibility) };
  });
  return { ...detection, keypoints: joints };
}

function toPersonDetection(detection: Detection, index: number, box: Box, context: DetectionContext): PersonDetection {
  const { shape, scale, person, shapeAs } = observe(detection, box, context);
  const bedShareHere = bedShareOf(detection, box, context);
  const judge = ({ posture, prior }: Shape): Judgement => ({
    posture,
    likelihood: inPlace(postureLikelihood(posture, prior), bedShareHere, context.zones),
  });
  return {
    index,
    box,
    place: boxCentre(box),
    scale: Math.max(scale, scaleOfBox * Math.max(boxWidth(box), boxHeight(box))),
    confidence: detection.confidence,
    person,
    // A turned or mirrored frame shows furniture as people: what only it shows continues a person, and starts none.
    strong: person >= strongScore && detection.turned !== true,
    cutOff: isCutOff(box) || isAtSide(box, context.zones),
    anklesSeen: areAnklesSeen(detection),
    ...judge(shape),
    judgeAs: shapeAs && ((standingHeight) => judge(shapeAs(standingHeight))),
  };
}

/** Ankles below this visibility are hidden or guessed. */
const anklesVisibility = 0.3;

const areAnklesSeen = ({ keypoints }: Detection): boolean =>
  keypoints === undefined ||
  keypoints.length < jointCount ||
  jointGroups.ankles.some((number) => jointAt(keypoints, number).visibility >= anklesVisibility);

/** The posture that the body's shape shows, and the share of each posture where that was learned. */
interface Shape {
  readonly posture: ByPosture;
  readonly prior: ByPosture;
}

interface Observation {
  readonly shape: Shape;
  readonly scale: number;
  readonly person: number;
  readonly shapeAs?: ((standingHeight: number) => Shape) | undefined;
}

/** The two observation models: joints where the model has them, the shape of the box otherwise. */
function observe(detection: Detection, inHeights: Box, context: DetectionContext): Observation {
  const { keypoints, box } = detection;
  const { frame, calibration } = context;
  const person = personProbability(detection, calibration);
  if (keypoints === undefined || keypoints.length < jointCount) {
    const standing = context.standingHeight(inHeights.y2);
    const shape = boxPosture(inHeights, frame.width / frame.height, standing);
    return { shape, scale: standing ?? 0, person };
  }
  const features = postureFeatures(box, keypoints, frame);
  const shapeAs = (standing: number): Shape => jointPosture(features, standing * frame.height);
  if (isCutOff(inHeights))
    return { shape: jointPosture(features, undefined), scale: features.scale / frame.height, person };
  const standing = context.standingHeight(inHeights.y2);
  if (standing !== undefined) return { shape: shapeAs(standing), scale: standing, person };
  return { shape: jointPosture(features, undefined), scale: features.scale / frame.height, person, shapeAs };
}

/** @param standing height of a standing person there, px: it reveals a body that points at the camera, so that all limbs look short */
function jointPosture(features: PostureFeatures, standing: number | undefined): Shape {
  if (standing === undefined)
    return { posture: judgePosture(features.values, postureCoefficients), prior: postureCoefficients.prior };
  const values = withStandingHeight(features, standing);
  const { prior } = postureCoefficientsWithHeight;
  return { posture: judgePosture(values, postureCoefficientsWithHeight), prior };
}

/** Share of the lower half of the box, or of the torso, in a bed or sofa: the box of a bed across the frame reaches far beside it. */
function bedShareOf({ keypoints }: Detection, box: Box, { frame, zones }: DetectionContext): number {
  if (keypoints === undefined || keypoints.length < jointCount) return bedShare(box, zones);
  const torso = [...jointGroups.shoulders, ...jointGroups.hips].map((number) => {
    const { x, y, visibility } = jointAt(keypoints, number);
    return { x: x / frame.height, y: y / frame.height, weight: visibility };
  });
  return Math.max(bedShare(box, zones), torsoBedShare(box, torso, zones));
}

function inPlace(likelihood: ByState, share: number, zones: FrameZones): ByState {
  if (zones.beds.length === 0) return byState((state) => likelihood[state] * (state === 'inBed' ? withoutBedZone : 1));
  const zone = zoneLikelihood(share);
  return byState((state) => likelihood[state] * zone[state]);
}
