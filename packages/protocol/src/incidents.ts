import { createHash } from 'node:crypto';
import { z } from 'zod';
import { incidentIdSchema, sourceIdSchema, timestampSchema } from './fields.ts';

export const incidentStates = ['open', 'attended', 'acknowledged', 'closing', 'closed'] as const;
export const incidentOutcomes = ['helped', 'false_alarm', 'drill'] as const;

/** The steps of an incident in the order they are meant to happen; each gets the time it was first seen done. */
export const incidentSteps = [
  'opened',
  'relief_applied',
  'dedicated_started',
  'dedicated_watching',
  'room_released',
  'acknowledged',
  'resolved',
  'recovered',
  'room_returned',
  'dedicated_stopped',
  'relief_lifted',
  'closed',
] as const;
export type IncidentStep = (typeof incidentSteps)[number];

/** A setting that an incident changed: `before` comes back at its end, but only where the value is still `set`. */
export const overrideSchema = z.object({
  instance_id: z.string(),
  source_id: sourceIdSchema,
  field: z.enum(['max_fps', 'model_id']),
  before: z.union([z.number(), z.string()]),
  set: z.union([z.number(), z.string()]),
});
export type Override = z.infer<typeof overrideSchema>;

/** `nvr/incidents/{incident_id}`, retained until 24 h after closing: everything about it that must outlast a crash. */
export const incidentSchema = z.object({
  incident_id: incidentIdSchema,
  source_id: sourceIdSchema,
  room_name: z.string().optional(),
  state: z.enum(incidentStates),
  outcome: z.enum(incidentOutcomes).optional(),
  drill: z.boolean(),
  degraded: z.boolean(),
  /** Why it is degraded or waits, in words for people. */
  note: z.string().optional(),
  by: z.array(z.object({ who: z.string(), what: z.string(), at: timestampSchema })),
  home: z.string(),
  dedicated: z.string().optional(),
  watched_by: z.string(),
  steps: z.partialRecord(z.enum(incidentSteps), timestampSchema),
  durations_ms: z.record(z.string(), z.number()),
  overrides: z.array(overrideSchema),
  attempts: z.object({ spawn: z.number(), last_at: timestampSchema.optional(), last_error: z.string().optional() }),
  /** The dedicated watch was ended before the incident (`release`, or five minutes up). */
  released: z.boolean().optional(),
  /** Event that opened it and those that joined. */
  event_ids: z.array(z.string()),
  detected_at: timestampSchema.optional(),
  opened_at: timestampSchema,
  updated_at: timestampSchema,
  recovered_at: timestampSchema.optional(),
  acknowledged_at: timestampSchema.optional(),
  closed_at: timestampSchema.optional(),
  trace_id: z.string(),
});
export type Incident = z.infer<typeof incidentSchema>;

/**
 * A fall's incident id: the same event opens the same incident however often it is delivered. A bare report has no
 * event id, so its room and minute stand in for one.
 * @param minute epoch minutes, used only without an event id.
 */
export function incidentIdOf(report: { event_id?: string | undefined; source_id: number }, minute: number): string {
  const key = report.event_id ?? `room ${report.source_id} minute ${minute}`;
  return `inc-${createHash('sha256').update(key).digest('hex').slice(0, 16)}`;
}
