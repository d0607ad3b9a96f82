import { z } from 'zod';
import { rotateSchema, sourceIdSchema, timestampSchema } from './fields.ts';
import { zonesSchema } from './zones.ts';

export const fallStates = ['none', 'candidate', 'down', 'alarm', 'recovered'] as const;

/** What of a fall must travel with the room: whoever takes it goes on where the last watcher stopped. */
export const roomFallSchema = z.object({
  state: z.enum(fallStates),
  low_since: timestampSchema.optional(),
  /** Box of the lying person in 0..1 of the image. */
  place: z.object({ x1: z.number(), y1: z.number(), x2: z.number(), y2: z.number() }).optional(),
  event_id: z.string().optional(),
  trace_id: z.string().optional(),
  /** When the alarm was raised and last reminded of: a new watcher neither repeats nor forgets it. */
  alarm_at: timestampSchema.optional(),
  reminded_at: timestampSchema.optional(),
  /** What looked when the alarm was raised: the next watcher may use another. */
  model_id: z.string().optional(),
  abrupt: z.boolean().optional(),
  /** Resolved by a person: quiet until the resident is up or in bed. */
  quiet: z.boolean().optional(),
  /** The fall machine's own memory (see `@vigilia/vision`), opaque to everyone else. */
  memory: z.unknown().optional(),
});
export type RoomFall = z.infer<typeof roomFallSchema>;

/** `nvr/rooms/{source_id}`, retained, by the processor that watches the room. */
export const roomStateSchema = z.object({
  source_id: sourceIdSchema,
  watcher: z.string().nullable(),
  boot_id: z.string().optional(),
  since: timestampSchema,
  blind_since: timestampSchema.optional(),
  zones: zonesSchema.optional(),
  /** How the picture of the camera is corrected: its aspect (width divided by height) and its rotation. */
  camera_view: z.object({ aspect: z.number().positive().optional(), rotate: rotateSchema }).optional(),
  fall: roomFallSchema,
  /** Height of a standing person, 0..1 of the image height. */
  reference_height: z.number().optional(),
});
export type RoomState = z.infer<typeof roomStateSchema>;
