import { boxHeight, boxWidth } from '../detection/box.ts';
import type { TensorView } from '../model/model-description.ts';
import { type FeatureMap, type MoveNetHeads, moveNetHeads, stride, valueAt } from '../movenet/heads.ts';
import { searchRadius, snapJoint } from '../movenet/snap-joint.ts';
import { jointCount } from '../posture/body-points.ts';
import { type BoxCandidate, boxFromCentre, type CandidateQuery } from './candidate.ts';

/** A person's centre is the maximum of the cells within this distance: the graph's own 5×5 maximum. */
const peakReach = 2;
/** Smallest side of a box, cells. */
const leastSide = 1;

/**
 * Reads MoveNet MultiPose (Google 2021; a CenterNet head, Zhou et al. 2019, "Objects as Points"): each maximum of the centre
 * map is a person, with a box and 17 joints in COCO order, all in pixels of the input. There is no limit to the number of people.
 * NMS must follow: two maxima on one person do occur.
 */
export function decodeMoveNet(outputs: Readonly<Record<string, TensorView>>, query: CandidateQuery): BoxCandidate[] {
  if (query.classIds?.includes(0) === false) return [];
  const heads = moveNetHeads(outputs);
  const { centre } = heads;
  const found: BoxCandidate[] = [];
  for (let y = 0; y < centre.rows; y++) {
    for (let x = 0; x < centre.columns; x++) {
      const confidence = valueAt(centre, 0, y, x);
      if (confidence >= query.confidence && isPeak(centre, y, x, confidence)) {
        found.push(person(heads, y, x, confidence));
      }
    }
  }
  return found;
}

function isPeak(centre: FeatureMap, y: number, x: number, value: number): boolean {
  for (let v = Math.max(0, y - peakReach); v <= Math.min(centre.rows - 1, y + peakReach); v++) {
    for (let u = Math.max(0, x - peakReach); u <= Math.min(centre.columns - 1, x + peakReach); u++) {
      if (valueAt(centre, 0, v, u) > value) return false;
    }
  }
  return true;
}

function person(heads: MoveNetHeads, y: number, x: number, confidence: number): BoxCandidate {
  const height = Math.max(leastSide, valueAt(heads.boxSize, 0, y, x)) * stride;
  const width = Math.max(leastSide, valueAt(heads.boxSize, 1, y, x)) * stride;
  const centreY = (y + valueAt(heads.boxOffset, 0, y, x)) * stride;
  const centreX = (x + valueAt(heads.boxOffset, 1, y, x)) * stride;
  const box = boxFromCentre(centreX, centreY, width, height);
  const radius = searchRadius(Math.max(boxWidth(box), boxHeight(box)));
  const keypoints = Array.from({ length: jointCount }, (_, joint) => snapJoint(heads, joint, { y, x, radius }));
  return { classId: 0, confidence, box, keypoints };
}
