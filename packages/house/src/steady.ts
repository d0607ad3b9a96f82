import { unwatchedAfterMs } from '@vigilia/protocol';
import type { RoomFacts } from './house.ts';

/** Shorter than this, results on time prove little on a busy machine. */
const shortestSteadyMs = 10_000;

/**
 * Returns whether the results of a room came too late a short while ago: one that is unwatched is watched again only after its
 * results have been on time for 10 s, or for one whole period of silence where that is longer.
 */
export function isUnsteady({ late, slowestIntervalMs }: RoomFacts, nowMs: number): boolean {
  if (late === undefined) return false;
  return nowMs - late.lastMs < Math.max(shortestSteadyMs, unwatchedAfterMs(slowestIntervalMs));
}
