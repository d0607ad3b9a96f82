import { z } from 'zod';
import { trackSchema } from '../track/track.ts';
import { clutterSchema } from './clutter.ts';
import type { FallPolicy } from './fall-policy.ts';
import { referenceHeightsSchema } from './reference-height.ts';

/**
 * Everything a room's watch remembers, as plain JSON: it travels with the room, and a new watcher goes on in mid-fall.
 * Times are on the caller's clock: milliseconds that never jump and mean the same to the next watcher (epoch at the
 * start of the process + monotonic time since). Lengths in image heights.
 */
export const roomStateSchema = z.object({
  version: z.literal(1),
  /** Last frame looked at. */
  atMs: z.number().optional(),
  /** Usual time between frames, bursts aside. */
  intervalMs: z.number().nonnegative(),
  /** Last frame with nobody in it while nobody was remembered either. */
  emptyAtMs: z.number().optional(),
  image: z.object({ width: z.number().positive(), height: z.number().positive() }),
  nextTrackId: z.int().positive(),
  tracks: z.array(trackSchema).max(256),
  heights: referenceHeightsSchema,
  /** What turned pictures show here though nobody is there. */
  clutter: clutterSchema,
  /** Turned passes the room may still ask for. */
  turnedSaved: z.number(),
  clutterSaved: z.number(),
  burstAtMs: z.number().optional(),
  burstEndAtMs: z.number().optional(),
  /** Since when no frames come. */
  blindAtMs: z.number().optional(),
  /** Taken over and not looked at since: the time until the first frame is no usual interval. */
  resumed: z.boolean().optional(),
});
export type RoomState = z.infer<typeof roomStateSchema>;

/** A room nobody has looked at yet. */
export function emptyRoom({ attention }: FallPolicy): RoomState {
  return {
    version: 1,
    intervalMs: 0,
    image: { width: 16, height: 9 },
    nextTrackId: 1,
    tracks: [],
    heights: [],
    turnedSaved: attention.turnedSaved,
    clutterSaved: attention.clutterSaved,
    clutter: [],
  };
}

/**
 * What another watcher left behind, or undefined where it is absent, broken or of another version: then start anew. The gap until
 * the first frame of the new one says nothing about how often the room is looked at.
 */
export function restoreRoom(saved: unknown): RoomState | undefined {
  const parsed = roomStateSchema.safeParse(saved);
  return parsed.success ? { ...parsed.data, resumed: true } : undefined;
}
