import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  amountSchema,
  eventIdSchema,
  incidentIdSchema,
  nameSchema,
  recordSchema,
  senderSchema,
  sentenceSchema,
  sourceIdSchema,
  timestampSchema,
  traceIdSchema,
} from './fields.ts';

/** Events and acts that an incident lists; older ones make room. */
export const maxIncidentEntries = 50;

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
  instance_id: senderSchema,
  source_id: sourceIdSchema,
  field: z.enum(['max_fps', 'model_id']),
  before: z.union([z.number(), nameSchema]),
  set: z.union([z.number(), nameSchema]),
});
export type Override = z.infer<typeof overrideSchema>;

/** `nvr/incidents/{incident_id}`, retained until 24 h after closing: everything about it that must outlast a crash. */
export const incidentSchema = z.object({
  incident_id: incidentIdSchema,
  source_id: sourceIdSchema,
  room_name: nameSchema.optional(),
  state: z.enum(incidentStates),
  outcome: z.enum(incidentOutcomes).optional(),
  drill: z.boolean(),
  degraded: z.boolean(),
  /** Why it is degraded or waits, in words for people. */
  note: sentenceSchema.optional(),
  by: z.array(z.object({ who: nameSchema, what: nameSchema, at: timestampSchema })).max(maxIncidentEntries),
  home: senderSchema,
  dedicated: senderSchema.optional(),
  watched_by: senderSchema,
  steps: z.partialRecord(z.enum(incidentSteps), timestampSchema),
  durations_ms: recordSchema(z.number()),
  overrides: z.array(overrideSchema).max(2000),
  attempts: z.object({
    spawn: amountSchema,
    last_at: timestampSchema.optional(),
    last_error: sentenceSchema.optional(),
  }),
  /** The dedicated watch was ended before the incident (`release`, or five minutes up). */
  released: z.boolean().optional(),
  /** Event that opened it and those that joined. */
  event_ids: z.array(eventIdSchema).max(maxIncidentEntries),
  detected_at: timestampSchema.optional(),
  opened_at: timestampSchema,
  updated_at: timestampSchema,
  recovered_at: timestampSchema.optional(),
  acknowledged_at: timestampSchema.optional(),
  closed_at: timestampSchema.optional(),
  trace_id: traceIdSchema,
});
export type Incident = z.infer<typeof incidentSchema>;

/**
 * Returns an incident id made from what identifies it: the same key always gives the same incident.
 * @param key identity of the event that opened it where that is unique, else anything that is unique here
 */
export function incidentIdOf(key: string): string {
  return `inc-${createHash('sha256').update(key).digest('hex').slice(0, 16)}`;
}
