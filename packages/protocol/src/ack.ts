import { z } from 'zod';
import {
  amountSchema,
  commandIdSchema,
  nameSchema,
  recordSchema,
  senderSchema,
  sentenceSchema,
  timestampSchema,
} from './fields.ts';

const ackStatuses = ['received', 'completed', 'error'] as const;

/** `result` of a change: how long each room was without a result over the switch; null: none within 5 s. */
const changeResultSchema = z.object({
  changed: z.boolean(),
  duration_ms: amountSchema,
  gap_ms: recordSchema(z.number().nullable()),
  still_blind: z.array(z.number()).max(1000).optional(),
});
export type ChangeResult = z.infer<typeof changeResultSchema>;

/** `nvr/control/status/{instance_id}/ack`, its shared copy, and the request's response topic. */
export const ackSchema = z.object({
  instance_id: senderSchema,
  client_id: senderSchema,
  command: nameSchema,
  command_id: commandIdSchema,
  ack_status: z.enum(ackStatuses),
  timestamp: timestampSchema,
  message: sentenceSchema.optional(),
  error: z.object({ code: nameSchema, field: nameSchema.optional() }).optional(),
  result: recordSchema(z.unknown()).optional(),
  trace_id: nameSchema.optional(),
});
export type Ack = z.infer<typeof ackSchema>;
