import { z } from 'zod';
import { commandIdSchema, nameSchema, sourceIdSchema } from './fields.ts';

/** What a link carries: `<base64url>.<base64url>`. The console passes it on without reading it. */
export const onMyWayTokenSchema = z
  .string()
  .max(1024)
  .regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/, 'must be the token of a link as it was sent');

/** `nvr-on-my-way/requests`: a person has confirmed the link of a message. */
export const onMyWayRequestSchema = z.object({ request_id: commandIdSchema, token: onMyWayTokenSchema });
export type OnMyWayRequest = z.infer<typeof onMyWayRequestSchema>;

/**
 * What became of a link. `acknowledged`: the orchestrator knows; `used`, `expired`: the link works no more; `over`: the incident is
 * closed; `invalid`: no link of this site; `failed`: the orchestrator did not answer, and the link still works.
 */
const onMyWayResults = ['acknowledged', 'used', 'expired', 'over', 'invalid', 'failed'] as const;

/** `nvr-on-my-way/answers`. The room is named only to the holder of a link of this site. */
export const onMyWayAnswerSchema = z.object({
  request_id: commandIdSchema,
  result: z.enum(onMyWayResults),
  by: nameSchema.optional(),
  source_id: sourceIdSchema.optional(),
  room_name: nameSchema.optional(),
});
export type OnMyWayAnswer = z.infer<typeof onMyWayAnswerSchema>;
