import type { LowPlace } from '../filter/low-places.ts';
import { type StandingHeights, unknownHeights } from '../filter/standing-height.ts';
import type { Thing } from '../filter/things.ts';
import type { Track } from '../filter/track.ts';
import type { Fall } from './fall-state.ts';

/**
 * Everything that is known of a room. Times are on the caller's clock: milliseconds that never jump and mean the same to the next
 * watcher (epoch at the start of the process + monotonic time since). Lengths in image heights.
 */
export interface FallDecisionState {
  /** Last look; undefined: never looked at. */
  readonly atMs?: number | undefined;
  readonly looks: number;
  /** Time between the last two looks, ms. */
  readonly intervalMs: number;
  readonly image: { readonly width: number; readonly height: number };
  readonly nextTrackId: number;
  readonly tracks: readonly Track[];
  readonly things: readonly Thing[];
  readonly lowPlaces: readonly LowPlace[];
  readonly falls: readonly Fall[];
  readonly heights: StandingHeights;
  readonly burstAtMs?: number | undefined;
  /** Since when no frames come. */
  readonly blindAtMs?: number | undefined;
}

/** A room that was never looked at. */
export function emptyRoom(): FallDecisionState {
  return {
    atMs: undefined,
    looks: 0,
    intervalMs: 0,
    image: { width: 16, height: 9 },
    nextTrackId: 1,
    tracks: [],
    things: [],
    lowPlaces: [],
    falls: [],
    heights: unknownHeights,
    burstAtMs: undefined,
    blindAtMs: undefined,
  };
}
