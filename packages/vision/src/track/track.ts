import { z } from 'zod';
import { boxSchema, type FallState, fallStateSchema } from '../fall/fall-state.ts';
import type { Box } from '../model/detection.ts';
import { kalmanSchema } from './kalman.ts';

/** One person followed over time. Lengths in image heights; times on the caller's clock. */
export const trackSchema = z.object({
  id: z.int(),
  box: boxSchema,
  confidence: z.number(),
  /** The last sight was a turned picture's. */
  turned: z.boolean(),
  /** Running mean of the confidence while not low. */
  trust: z.number(),
  firstAtMs: z.number(),
  /** Last frame that showed the person. */
  seenAtMs: z.number(),
  /** First frame without, since then. */
  missingAtMs: z.number().optional(),
  observations: z.int(),
  stance: z.enum(['up', 'low', 'unsure', 'bed']),
  /** Last time up, last time in bed. */
  upAtMs: z.number().optional(),
  bedAtMs: z.number().optional(),
  /** About the 90th percentile of the heights of this person's box while not wide. */
  height: z.number().optional(),
  /** Where the thing rests and since when; most joints ever seen: see the furniture rule. */
  rest: boxSchema,
  restAtMs: z.number(),
  /** Where the person last walked to, and when they were last seen where they came from; absent for who never walked. */
  walkedTo: boxSchema,
  walkedFromAtMs: z.number().optional(),
  joints: z.int(),
  /** Whether `person_not_visible` was told since it is missing. */
  toldMissing: z.boolean(),
  fall: fallStateSchema,
  kalman: kalmanSchema.optional(),
});
export type Track = z.infer<typeof trackSchema>;

/** Where a LOW person lies, also while hidden or covered by somebody else; undefined for upright people. */
export function lowPlace(track: Track): Box | undefined {
  const fall: FallState = track.fall;
  return fall.kind === 'none' ? undefined : fall.episode.place;
}
