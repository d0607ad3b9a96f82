import { z } from 'zod';
import { commandIdSchema, instanceIdSchema, sourceIdSchema, timestampSchema } from './fields.ts';

/** `nvr-pictures/{source_id}`: one snapshot of a room, after the command `snapshot` and only where the policy allows it. */
export const snapshotSchema = z.object({
  source_id: sourceIdSchema,
  instance_id: instanceIdSchema,
  /** Of the command that asked for it. */
  command_id: commandIdSchema,
  /** When the frame left ffmpeg. */
  timestamp: timestampSchema,
  /** The snapshot has so few pixels that no person can be recognised. */
  blurred: z.boolean(),
  /** JPEG in base64. */
  jpeg: z.string().max(1_000_000),
});
export type Snapshot = z.infer<typeof snapshotSchema>;
