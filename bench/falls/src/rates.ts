/** Frames per second of the report. */
export const reportedRates: readonly number[] = [0.1, 0.2, 1, 5];

/** Of the nights, which take long: the resting rate and the usual one. */
export const nightRates: readonly number[] = [0.1, 1];

/** Frames of clips are taken on this grid; two looks closer together see the same frame. */
const gridSeconds = 0.1;
const mostPhases = 8;

/**
 * Returns the starting points of the sampling, as shares of the time between two frames: eight, so that a figure at 0.1 frames per
 * second does not depend on the second at which a person happens to fall; fewer where the grid has no more different frames.
 */
export function phasesOf(fps: number): number[] {
  const count = Math.max(1, Math.min(mostPhases, Math.floor(1 / fps / gridSeconds + 1e-9)));
  return Array.from({ length: count }, (_, phase) => phase / count);
}
