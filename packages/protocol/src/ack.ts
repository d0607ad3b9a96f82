import { z } from 'zod';
import { timestampSchema } from './fields.ts';

export const ackStatuses = ['received', 'completed', 'error'] as const;

/** `result` of a change: how long each room was without a result over the switch; null: none within 5 s. */
export const changeResultSchema = z.object({
  changed: z.boolean(),
  duration_ms: z.number(),
  gap_ms: z.record(z.string(), z.number().nullable()),
  still_blind: z.array(z.number()).optional(),
});
export type ChangeResult = z.infer<typeof changeResultSchema>;

/** `nvr/control/status/{instance_id}/ack`, its shared copy, and the request's response topic. */
export const ackSchema = z.object({
  instance_id: z.string(),
  client_id: z.string(),
  command: z.string(),
  command_id: z.string(),
  ack_status: z.enum(ackStatuses),
  timestamp: timestampSchema,
  message: z.string().optional(),
  error: z.object({ code: z.string(), field: z.string().optional() }).optional(),
  result: z.record(z.string(), z.unknown()).optional(),
  trace_id: z.string().optional(),
});
export type Ack = z.infer<typeof ackSchema>;
