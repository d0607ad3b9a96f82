import { z } from 'zod';
import { incidentIdSchema, keepUnknown, nameSchema, timestampSchema } from './fields.ts';

export const zoneKinds = ['bed', 'sofa', 'floor_mat', 'exit', 'ignore', 'thing'] as const;

/** Things that one room may have learned from verdicts. */
export const maxLearnedThings = 8;

const coordinate = z.number().min(0).max(1);

/** A polygon in 0..1 of the camera's image, x to the right and y down; at least three corners. */
const zoneSchema = keepUnknown({
  kind: z.enum(zoneKinds),
  points: z
    .array(z.tuple([coordinate, coordinate]))
    .min(3)
    .max(64),
  name: z.string().max(64).optional(),
  /** A thing that was learned from the verdict on this incident, who taught it, and when it was last confirmed. */
  learned: z.object({ incident_id: incidentIdSchema, by: nameSchema, at: timestampSchema }).optional(),
});

export type ZoneKind = (typeof zoneKinds)[number];
export type Zone = z.infer<typeof zoneSchema>;

/** `[]` means configured and none; a missing list means never configured. */
export const zonesSchema = z.array(zoneSchema).max(64);
