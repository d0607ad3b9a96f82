import { z } from 'zod';
import { postures } from './detections.ts';
import { incidentIdSchema, nameSchema, sourceIdSchema, timestampSchema } from './fields.ts';
import { zoneKinds } from './zones.ts';

/** A replay shows this much time before and after the fall, ms. */
export const replayWindowMs = 20_000;

/** A replay shows at most one moment per this many milliseconds: 4 Hz. */
export const replaySlotMs = 250;

/** Longer side of a replay's sketch: all its coordinates are whole numbers of this grid. */
export const replayGrid = 320;

/** Joints of a replay as their numbers in COCO order: of the head only the nose. */
export const replayJoints = [0, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16] as const;

/** Coordinate of a joint that was not seen. */
export const unseenJoint = -1;

/** Moments that a replay may have: both ends of the window count. */
export const maxReplayMoments = (2 * replayWindowMs) / replaySlotMs + 1;

/** People in one moment of a replay; further ones are left out, those with the lowest confidence first. */
export const maxReplayPeople = 8;

const gridSchema = z.int().min(0).max(replayGrid);

const replayPersonSchema = z.object({
  /** The same person has the same number as long as one processor observes them. */
  track_id: z.int().optional(),
  posture: z.enum(postures).optional(),
  /** Left, top, right, bottom. */
  box: z.tuple([gridSchema, gridSchema, gridSchema, gridSchema]),
  /** x and y of each of `replayJoints`, -1 where it was not seen; absent for models without joints. */
  joints: z
    .array(z.int().min(unseenJoint).max(replayGrid))
    .length(2 * replayJoints.length)
    .optional(),
});
export type ReplayPerson = z.infer<typeof replayPersonSchema>;

const replayMomentSchema = z.object({
  /** When the frame was observed, relative to the fall. */
  ms: z.int().min(-replayWindowMs).max(replayWindowMs),
  /** Place of the model in `models`. */
  model: z.int().min(0).max(7),
  /** Empty: the frame was analysed and showed no person. */
  people: z.array(replayPersonSchema).max(maxReplayPeople),
});
export type ReplayMoment = z.infer<typeof replayMomentSchema>;

/**
 * `nvr-replays/{incident_id}`, retained: stick figures, boxes and zones of the seconds around the last fall of an incident. It
 * contains only moments that a processor observed; nothing between them is computed.
 */
export const replaySchema = z.object({
  version: z.literal(1),
  incident_id: incidentIdSchema,
  source_id: sourceIdSchema,
  /** Since when the person has been on the floor: 0 ms of the moments. */
  fall_at: timestampSchema,
  /** The time after the fall is over: no moment is added any more. */
  complete: z.boolean(),
  /** The camera's frame on the grid: its longer side has `replayGrid` units. */
  size: z.object({ width: gridSchema.min(1), height: gridSchema.min(1) }),
  zones: z
    .array(
      z.object({
        kind: z.enum(zoneKinds),
        points: z
          .array(z.tuple([gridSchema, gridSchema]))
          .min(3)
          .max(64),
      }),
    )
    .max(16),
  models: z.array(nameSchema).max(8),
  /** In the order of their times. */
  moments: z.array(replayMomentSchema).max(maxReplayMoments),
});
export type Replay = z.infer<typeof replaySchema>;
