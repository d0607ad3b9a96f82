import type { BodyFeatures } from './body-features.ts';
import type { FallPolicy } from './fall-policy.ts';

/** `part`: too small to be a whole person, so it says nothing about one. */
export type Posture = 'low' | 'up' | 'unsure' | 'part';

/** One rule of the posture score: its name (it appears in the evidence) and its points, 0 where it does not apply. */
interface PostureRule {
  readonly name: string;
  points(features: BodyFeatures, limits: FallPolicy['posture']): number;
}

const rules: readonly PostureRule[] = [
  {
    name: 'wide_box',
    points: ({ ratio }, p) => (ratio > p.wideRatio ? p.wideScore : ratio >= p.broadRatio ? p.broadScore : 0),
  },
  { name: 'narrow_box', points: ({ ratio }, p) => (ratio < p.narrowRatio ? p.narrowScore : 0) },
  { name: 'flat', points: ({ heightShare = Number.NaN }, p) => (heightShare < p.flatShare ? p.flatScore : 0) },
  {
    name: 'tall',
    points: ({ heightShare = Number.NaN, heightLearned = false, ratio }, p) =>
      heightShare > p.tallShare && ratio < (heightLearned ? p.tallRatio : p.wideRatio) ? p.tallScore : 0,
  },
  {
    name: 'torso_tilted',
    points: ({ tiltDegrees = Number.NaN }, p) => (tiltDegrees > p.tiltedDegrees ? p.tiltedScore : 0),
  },
  {
    name: 'torso_upright',
    points: ({ tiltDegrees = Number.NaN, anklesBelowTorsos = Number.NaN }, p) => {
      if (!(tiltDegrees < p.uprightDegrees)) return 0;
      return anklesBelowTorsos > p.standingTorsos ? p.standingScore : p.uprightScore;
    },
  },
  { name: 'head_low', points: ({ headShare = Number.NaN }, p) => (headShare < p.headLowShare ? p.headLowScore : 0) },
];

export interface PostureVerdict {
  readonly posture: Posture;
  readonly score: number;
  /** LOW in the shape of somebody lying, not sitting on the floor. */
  readonly lying: boolean;
  /** Names of the rules that gave points. */
  readonly rules: readonly string[];
}

/** Sums the rules (section "posture score" of the fall detection notes): LOW from `lowScore`, UP up to `upScore`. */
export function judgePosture(features: BodyFeatures, policy: FallPolicy): PostureVerdict {
  const limits = policy.posture;
  const given = rules
    .map(({ name, points }) => ({ name, points: points(features, limits) }))
    .filter(({ points }) => points !== 0);
  const score = given.reduce((sum, { points }) => sum + points, 0);
  return {
    posture:
      (features.sizeShare ?? 1) < limits.smallestShare
        ? 'part'
        : score >= limits.lowScore
          ? 'low'
          : score <= limits.upScore
            ? 'up'
            : 'unsure',
    score,
    lying: features.ratio > limits.wideRatio || (features.tiltDegrees ?? 0) > limits.tiltedDegrees,
    rules: given.map(({ name }) => name),
  };
}
