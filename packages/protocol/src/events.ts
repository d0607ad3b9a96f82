import { z } from 'zod';
import { bboxSchema } from './detections.ts';
import {
  amountSchema,
  confidenceSchema,
  eventIdSchema,
  incidentIdSchema,
  modelSha256Schema,
  nameSchema,
  placeSchema,
  senderSchema,
  sentenceSchema,
  sourceIdSchema,
  timestampSchema,
  traceIdSchema,
} from './fields.ts';
import type { BrokerRole } from './roles.ts';

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
  'incident_reopened',
  'incident_refused',
  'drill_report',
  'clip_viewed',
  'processor_offline',
  'processor_online',
  'command_gap',
  'model_changed',
] as const;
export type EventType = (typeof eventTypes)[number];

export const severities = ['info', 'warning', 'critical'] as const;

/** Enough for a person to judge an alarm from the event alone. */
const fallEvidenceSchema = z.looseObject({
  seconds_low: amountSchema.optional(),
  abrupt: z.boolean().optional(),
  observations_seen: amountSchema.optional(),
  observations_low: amountSchema.optional(),
  observations_lying: amountSchema.optional(),
  observations_missed: amountSchema.optional(),
  confidence: confidenceSchema.optional(),
  /** Frames of the past were decoded and analysed after the suspicion. */
  look_back: z.boolean().optional(),
  /** The moment of the fall itself was seen. */
  observed: z.boolean().optional(),
  rule: nameSchema.optional(),
});

/** `nvr/events/{type}` as ours write it. Further fields of an event are kept. */
export const eventSchema = z.looseObject({
  event_id: eventIdSchema,
  event: z.enum(eventTypes),
  source_id: sourceIdSchema.optional(),
  instance_id: senderSchema,
  timestamp: timestampSchema,
  severity: z.enum(severities),
  trace_id: traceIdSchema,
  room_name: nameSchema.optional(),
  incident_id: incidentIdSchema.optional(),
  /** Falls: when the person was first seen low, and when the alarm was raised. */
  detected_at: timestampSchema.optional(),
  alarm_at: timestampSchema.optional(),
  track_id: z.number().optional(),
  bbox: bboxSchema.optional(),
  /** Falls: where the person was last seen low. */
  place: placeSchema.optional(),
  model_id: nameSchema.optional(),
  /** Left out by processors of earlier versions. */
  model_sha256: modelSha256Schema.optional(),
  /** Of `model_changed`: the file that was known under this id before. */
  previous_sha256: modelSha256Schema.optional(),
  evidence: fallEvidenceSchema.optional(),
  reason: sentenceSchema.optional(),
  /** The person who did it, as incidents show them, and what they sign in with. */
  by: nameSchema.optional(),
  account: nameSchema.optional(),
});
export type VigiliaEvent = z.infer<typeof eventSchema>;

/** Event types that a processor publishes; `drill_report` is the notifier's, `clip_viewed` the console's, and all others are the orchestrator's. */
const processorEvents = [
  'fall_suspected',
  'fall_detected',
  'fall_reminder',
  'fall_recovered',
  'person_not_visible',
  'room_blind',
  'room_seen',
  'command_gap',
  'model_changed',
] as const satisfies readonly EventType[];

/** Roles that may publish an event of this type. */
export function eventWriters(type: EventType): readonly BrokerRole[] {
  if (type === 'fall_detected') return ['processor', 'operator', 'sensor'];
  if (type === 'drill_report') return ['notifier'];
  if (type === 'clip_viewed') return ['console'];
  return (processorEvents as readonly EventType[]).includes(type) ? ['processor'] : ['orchestrator'];
}
