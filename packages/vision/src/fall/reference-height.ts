import { z } from 'zod';
import type { Box } from '../model/detection.ts';
import type { FallPolicy } from './fall-policy.ts';

/** Standing heights learned by the foot point's row: one band each row of `heights.bands`. Lengths in image heights. */
export const referenceHeightsSchema = z.array(z.object({ band: z.int(), height: z.number(), count: z.int() }));
export type ReferenceHeights = z.infer<typeof referenceHeightsSchema>;

const bandOf = (y: number, bands: number): number => Math.min(bands - 1, Math.max(0, Math.floor(y * bands)));

/** Learns from one person who certainly stands. Taller samples weigh more: crouching and cut-off people are shorter. */
export function learnHeight(known: ReferenceHeights, box: Box, { heights }: FallPolicy): ReferenceHeights {
  const band = bandOf(box.y2, heights.bands);
  const height = box.y2 - box.y1;
  const old = known.find((entry) => entry.band === band);
  if (!old) return [...known, { band, height, count: 1 }];
  const weight = (height > old.height ? heights.tallerWeight : 1) / Math.min(old.count + 1, heights.memoryPeople);
  const learned = {
    band,
    height: old.height + (height - old.height) * Math.min(1, weight),
    count: Math.min(old.count + 1, heights.memoryPeople),
  };
  return known.map((entry) => (entry === old ? learned : entry));
}

/**
 * Height of a standing person with feet in row `y`, image heights: from the nearest bands on both sides, or from the
 * nearest one at most `farthestBands` away. undefined where nobody was seen standing near.
 */
export function standingHeight(known: ReferenceHeights, y: number, { heights }: FallPolicy): number | undefined {
  const at = y * heights.bands - 0.5;
  const good = known.filter(({ count }) => count >= heights.leastPeople);
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
  return only && Math.abs(only.band - at) <= heights.farthestBands ? only.height : undefined;
}

function nearest(bands: ReferenceHeights, at: number): ReferenceHeights[number] | undefined {
  return [...bands].sort((a, b) => Math.abs(a.band - at) - Math.abs(b.band - at))[0];
}
