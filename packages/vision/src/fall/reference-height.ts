import type { Box } from '../model/detection.ts';

/** Standing heights learned by the foot point's row, one entry per band of the frame. Lengths in image heights. */
export type ReferenceHeights = readonly { readonly band: number; readonly height: number; readonly count: number }[];

/** Rows of the frame that are learned apart: feet further down are nearer, so people are taller there. */
export const heightBands = 10;
/** A band counts from so many sights on (one may be a child), and its mean forgets after so many: cameras are moved. */
const leastPeople = 3;
const memoryPeople = 30;
/** Taller people weigh so much more: crouching and cut-off ones are shorter than they are. */
const tallerWeight = 2;
/** A band with people on one side only says nothing further away than this, in bands. */
const farthestBands = 2;

const bandOf = (y: number): number => Math.min(heightBands - 1, Math.max(0, Math.floor(y * heightBands)));

/** Learns from one person who certainly stands. Taller samples weigh more: crouching and cut-off people are shorter. */
export function learnHeight(known: ReferenceHeights, box: Box): ReferenceHeights {
  const band = bandOf(box.y2);
  const height = box.y2 - box.y1;
  const old = known.find((entry) => entry.band === band);
  if (!old) return [...known, { band, height, count: 1 }];
  const weight = (height > old.height ? tallerWeight : 1) / Math.min(old.count + 1, memoryPeople);
  const learned = {
    band,
    height: old.height + (height - old.height) * Math.min(1, weight),
    count: Math.min(old.count + 1, memoryPeople),
  };
  return known.map((entry) => (entry === old ? learned : entry));
}

/**
 * Height of a standing person with feet in row `y`, image heights: from the nearest bands on both sides, or from the
 * nearest one at most `farthestBands` away. undefined where nobody was seen standing near.
 */
export function standingHeight(known: ReferenceHeights, y: number): number | undefined {
  const at = y * heightBands - 0.5;
  const good = known.filter(({ count }) => count >= leastPeople);
  const above = nearest(
    good.filter(({ band }) => band <= at),
    at,
  );
  const below = nearest(
    good.filter(({ band }) => band > at),
    at,
  );
  if (above && below)
    return above.height + ((below.height - above.height) * (at - above.band)) / (below.band - above.band);
  const only = above ?? below;
  return only && Math.abs(only.band - at) <= farthestBands ? only.height : undefined;
}

function nearest(bands: ReferenceHeights, at: number): ReferenceHeights[number] | undefined {
  return [...bands].sort((a, b) => Math.abs(a.band - at) - Math.abs(b.band - at))[0];
}
