import { z } from 'zod';
import { bboxSchema } from './detections.ts';
import { sourceIdSchema, timestampSchema } from './fields.ts';

export const eventTypes = [
  'fall_suspected',
  'fall_detected',
  'fall_reminder',
  'fall_recovered',
  'person_not_visible',
  'room_blind',
  'room_seen',
  'room_released',
  'room_taken',
  'room_returned',
  'incident_opened',
  'incident_acknowledged',
  'incident_closed',
  'incident_refused',
  'processor_offline',
  'processor_online',
  'command_gap',
] as const;
export type EventType = (typeof eventTypes)[number];

export const severities = ['info', 'warning', 'critical'] as const;

/** Enough for a person to judge an alarm from the event alone. */
export const fallEvidenceSchema = z.looseObject({
  seconds_low: z.number().optional(),
  abrupt: z.boolean().optional(),
  observations_seen: z.number().optional(),
  observations_low: z.number().optional(),
  observations_lying: z.number().optional(),
  observations_missed: z.number().optional(),
  confidence: z.number().optional(),
  rule: z.string().optional(),
});
export type FallEvidence = z.infer<typeof fallEvidenceSchema>;

/** `nvr/events/{type}` as ours write it. Further fields of an event are kept. */
export const eventSchema = z.looseObject({
  event_id: z.string().min(1).max(128),
  event: z.enum(eventTypes),
  source_id: sourceIdSchema.optional(),
  instance_id: z.string(),
  timestamp: timestampSchema,
  severity: z.enum(severities),
  trace_id: z.string(),
  room_name: z.string().optional(),
  incident_id: z.string().optional(),
  /** Falls: when the person was first seen low, and when the alarm was raised. */
  detected_at: timestampSchema.optional(),
  alarm_at: timestampSchema.optional(),
  track_id: z.number().optional(),
  bbox: bboxSchema.optional(),
  model_id: z.string().optional(),
  evidence: fallEvidenceSchema.optional(),
  reason: z.string().optional(),
});
export type VigiliaEvent = z.infer<typeof eventSchema>;

/**
 * A fall as anybody may report it: `{"source_id": 2}` or `{"room_id": 2}` is enough. That is how another fall sensor
 * joins in.
 */
export const fallReportSchema = z
  .looseObject({
    source_id: sourceIdSchema.optional(),
    room_id: sourceIdSchema.optional(),
    event_id: z.string().min(1).max(128).optional(),
    instance_id: z.string().optional(),
    timestamp: timestampSchema.optional(),
    trace_id: z.string().optional(),
  })
  .transform((report, context) => {
    const source = report.source_id ?? report.room_id;
    if (source === undefined) {
      context.addIssue({ code: 'custom', path: ['source_id'], message: 'must be the number of the room' });
      return z.NEVER;
    }
    return { ...report, source_id: source };
  });
export type FallReport = z.infer<typeof fallReportSchema>;
