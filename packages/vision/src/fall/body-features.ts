import { boxHeight, boxWidth } from '../model/box.ts';
import type { FallPolicy } from './fall-policy.ts';
import type { Joint, Observation } from './observation.ts';

/** What the posture rules look at. A feature that cannot be told is absent; a rule about it then says nothing. */
export interface BodyFeatures {
  /** Width over height of the box. */
  readonly ratio: number;
  /** Height of the box over the height of a standing person at that place. */
  readonly heightShare?: number;
  /** That height was learned at this place of the picture, not taken from the person. */
  readonly heightLearned?: boolean;
  /** Longer side of the box over that height. */
  readonly sizeShare?: number;
  /** Tilt of the torso from the vertical, 0..180 degrees; above 90 the shoulders are below the hips. */
  readonly tiltDegrees?: number;
  /** How far the ankles are below the shoulders, in torso lengths. */
  readonly anklesBelowTorsos?: number;
  /** How far the head is above the ankles (or the lower edge of the box), as a share of the standing height. */
  readonly headShare?: number;
}

const joint = { face: [0, 1, 2, 3, 4], shoulders: [5, 6], hips: [11, 12], ankles: [15, 16] } as const;

function middle(observation: Observation, numbers: readonly number[]): Joint | undefined {
  const seen = numbers.flatMap((number) => observation.joints?.get(number) ?? []);
  if (seen.length === 0) return undefined;
  const sum = (pick: (joint: Joint) => number) => seen.reduce((total, one) => total + pick(one), 0) / seen.length;
  return { x: sum(({ x }) => x), y: sum(({ y }) => y) };
}

/** @param standing height of a standing person at that place, image heights; absent where nothing is known yet */
export function bodyFeatures(
  observation: Observation,
  standing: number | undefined,
  policy: FallPolicy,
  learned = false,
): BodyFeatures {
  const { box } = observation;
  const shoulders = middle(observation, joint.shoulders);
  const hips = middle(observation, joint.hips);
  const ankles = middle(observation, joint.ankles);
  const head = middle(observation, joint.face);
  const torso = shoulders && hips ? Math.hypot(shoulders.x - hips.x, shoulders.y - hips.y) : 0;
  const torsoTold = shoulders && hips && torso > policy.posture.torsoShare * Math.max(boxWidth(box), boxHeight(box));
  return {
    ratio: boxWidth(box) / boxHeight(box),
    ...(standing && {
      heightShare: boxHeight(box) / standing,
      ...(learned && { heightLearned: true }),
      sizeShare: Math.max(boxWidth(box), boxHeight(box)) / standing,
    }),
    ...(torsoTold && {
      tiltDegrees: (Math.atan2(Math.abs(shoulders.x - hips.x), hips.y - shoulders.y) * 180) / Math.PI,
    }),
    ...(torsoTold && ankles && { anklesBelowTorsos: (ankles.y - shoulders.y) / torso }),
    ...(standing && head && { headShare: ((ankles?.y ?? box.y2) - head.y) / standing }),
  };
}
