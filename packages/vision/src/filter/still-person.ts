import type { Box } from '../detection/detection.ts';
import type { StillPerson } from './track.ts';

/** An edge of the box moves by so many body scales when a person turns over or props themselves up; noise moves it less. */
const stillScales = 0.12;
/** Between looks that are further apart a person may have moved and come back, ms. */
const closeMs = 5000;

/**
 * Carries on since when a person has not moved.
 * @param before undefined: not known
 * @param look the box, the body scale and the time of this look, and of the look before
 */
export function carryStill(
  before: StillPerson | undefined,
  look: { readonly box: Box; readonly scale: number; readonly atMs: number; readonly beforeMs: number },
): StillPerson {
  const { box, scale, atMs, beforeMs } = look;
  const isStill =
    before !== undefined && atMs - beforeMs <= closeMs && farthestEdge(before.box, box) <= stillScales * scale;
  return isStill ? before : { sinceMs: atMs, box };
}

const farthestEdge = (a: Box, b: Box): number =>
  Math.max(Math.abs(a.x1 - b.x1), Math.abs(a.y1 - b.y1), Math.abs(a.x2 - b.x2), Math.abs(a.y2 - b.y2));
