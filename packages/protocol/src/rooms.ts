import { z } from 'zod';
import {
  bootIdSchema,
  eventIdSchema,
  modelSha256Schema,
  nameSchema,
  placeSchema,
  rotateSchema,
  senderSchema,
  shareSchema,
  sourceIdSchema,
  timestampSchema,
  traceIdSchema,
} from './fields.ts';
import { zonesSchema } from './zones.ts';

const fallStates = ['none', 'candidate', 'down', 'alarm', 'recovered'] as const;

/** What must travel with the room about a fall: the next processor continues where the last one stopped. */
const roomFallSchema = z.object({
  state: z.enum(fallStates),
  low_since: timestampSchema.optional(),
  /** Box of the lying person in 0..1 of the image. */
  place: placeSchema.optional(),
  event_id: eventIdSchema.optional(),
  trace_id: traceIdSchema.optional(),
  /** When the alarm was raised and last reminded of: a new watcher neither repeats nor forgets it. */
  alarm_at: timestampSchema.optional(),
  reminded_at: timestampSchema.optional(),
  /** What looked when the alarm was raised: the next watcher may use another. */
  model_id: nameSchema.optional(),
  model_sha256: modelSha256Schema.optional(),
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
  watcher: senderSchema.nullable(),
  boot_id: bootIdSchema.optional(),
  since: timestampSchema,
  blind_since: timestampSchema.optional(),
  zones: zonesSchema.optional(),
  /** How the frames of the camera are corrected: aspect (width divided by height) and rotation. */
  camera_view: z.object({ aspect: z.number().positive().max(100).optional(), rotate: rotateSchema }).optional(),
  fall: roomFallSchema,
  /** Height of a standing person, 0..1 of the image height. */
  reference_height: shareSchema.optional(),
});
export type RoomState = z.infer<typeof roomStateSchema>;
