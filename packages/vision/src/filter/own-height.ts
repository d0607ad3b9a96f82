import type { PersonDetection } from './person-detection.ts';
import { isCutOff } from './standing-height.ts';
import type { Track } from './track.ts';

/** Standing height of one person and the row of the feet where it was measured, image heights. */
export type OwnHeight = Pick<Track, 'ownHeight' | 'ownFeet'>;

/**
 * The height of a person is known this well from the floor's slope, which no camera shows (0.85 ± 0.35, `standing-height.ts`), only
 * within this share of it above or below the feet: 12 % / 0.35.
 */
const nearShare = 0.34;
/** Weight of a sight in the running means of a person who stays; of one who walks more, so that the means keep up. */
const memory = 0.3;

/** Returns the height of a person whose body reaches down to row `bottom`; undefined where it was measured in another depth of the room. */
export function ownHeightAt({ ownHeight, ownFeet }: OwnHeight, bottom: number): number | undefined {
  if (ownHeight === undefined || ownFeet === undefined) return ownHeight;
  return Math.abs(bottom - ownFeet) <= nearShare * ownHeight ? ownHeight : undefined;
}

/** Takes the sight of a person who is up: a mean where they stay, more and more the last sight the further they have walked. */
export function learnOwnHeight(known: OwnHeight, { scale, ...detection }: PersonDetection): OwnHeight {
  const feet = feetOf(detection, scale);
  const { ownHeight, ownFeet } = known;
  if (ownHeight === undefined || ownFeet === undefined) return { ownHeight: scale, ownFeet: feet };
  const walked = Math.min(1, Math.abs(feet - ownFeet) / (nearShare * ownHeight));
  const weight = Math.max(memory, walked);
  return { ownHeight: mean(ownHeight, scale, weight), ownFeet: mean(ownFeet, feet, weight) };
}

/** Feet that are hidden or cut off are about a body below the head. */
function feetOf({ box, anklesSeen }: Pick<PersonDetection, 'box' | 'anklesSeen'>, scale: number): number {
  return anklesSeen && !isCutOff(box) ? box.y2 : Math.max(box.y2, box.y1 + scale);
}

const mean = (old: number, now: number, weight: number): number => (1 - weight) * old + weight * now;
