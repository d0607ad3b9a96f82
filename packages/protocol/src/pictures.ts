import { z } from 'zod';
import { instanceIdSchema, sourceIdSchema, timestampSchema } from './fields.ts';

/** `nvr-pictures/{source_id}`: one picture of a room, after the command `snapshot` and only where the policy allows it. */
export const pictureSchema = z.object({
  source_id: sourceIdSchema,
  instance_id: instanceIdSchema,
  /** Of the command that asked for it. */
  command_id: z.string().max(128),
  /** When the frame left ffmpeg. */
  timestamp: timestampSchema,
  /** What the picture shows is too coarse to tell who it is: it has no more pixels than that. */
  blurred: z.boolean(),
  /** JPEG in base64. */
  jpeg: z.string().max(1_000_000),
});
export type Picture = z.infer<typeof pictureSchema>;
