import { z } from 'zod';
import { instanceIdSchema, nameSchema, timestampSchema } from './fields.ts';

const daysSchema = z.int().min(1).max(3650);

/** `nvr/records/{instance_id}`: where an event sink writes records, and how long it is set to keep them, retained. */
export const recordsStateSchema = z.object({
  instance_id: instanceIdSchema,
  timestamp: timestampSchema,
  /** `elasticsearch`, `ndjson` (files), `reports`. */
  outputs: z.array(nameSchema).max(8),
  /** Days, by kind of record. */
  kept_days: z.object({
    /** Falls, incidents, verdicts, acknowledgments, commands and views. */
    events: daysSchema,
    /** Incidents and daily room summaries for reports. */
    reports: daysSchema,
    detections: daysSchema,
    /** Log lines and statuses. */
    service: daysSchema,
    metrics: daysSchema,
  }),
});
export type RecordsState = z.infer<typeof recordsStateSchema>;
