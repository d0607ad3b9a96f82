import { createHash } from 'node:crypto';
import { z } from 'zod';
import { clipModeSchema } from './clips.ts';
import {
  amountSchema,
  eventIdSchema,
  incidentIdSchema,
  modelSha256Schema,
  nameSchema,
  placeSchema,
  recordSchema,
  senderSchema,
  sentenceSchema,
  sourceIdSchema,
  timestampSchema,
  traceIdSchema,
  verdictNoteSchema,
} from './fields.ts';

/** Events and acts that an incident lists; older ones make room. */
export const maxIncidentEntries = 50;

const incidentStates = ['open', 'attended', 'acknowledged', 'closing', 'closed'] as const;
/** How an incident ended. Only people report the first three; `unknown` is all that the system can know by itself. */
export const incidentOutcomes = ['helped', 'false_alarm', 'no_help_needed', 'unknown', 'drill'] as const;
export type IncidentOutcome = (typeof incidentOutcomes)[number];

/** A verdict can be taken back for this long. */
export const verdictUndoMs = 600_000;

/** Where a person reacted. */
export const viaSchema = z.enum(['page', 'push', 'link', 'home_assistant', 'espa', 'cli']);
export type Via = z.infer<typeof viaSchema>;

/** The state of the person as the last processor that saw them reported it; `unknown` while no camera has shown either. */
export const personSchema = z.enum(['down', 'up', 'unknown']);
export type Person = z.infer<typeof personSchema>;

/** One fall of an incident; each fall after the person was up again is another one. Times as the sensor reported them. */
const incidentFallSchema = z.object({
  event_id: eventIdSchema,
  /** When the person was first seen on the floor, where the sensor reported it. */
  first_low_at: timestampSchema.optional(),
  /** When the alarm was raised. */
  alarm_at: timestampSchema,
  /** When the last report of this fall arrived, by the orchestrator's clock. */
  reported_at: timestampSchema,
  /** When the person was first seen up again. */
  recovered_at: timestampSchema.optional(),
  /** The model and the rule that raised it, and where, as far as the sensor reported that. */
  model_id: nameSchema.optional(),
  model_sha256: modelSha256Schema.optional(),
  rule: nameSchema.optional(),
  place: placeSchema.optional(),
});
export type IncidentFall = z.infer<typeof incidentFallSchema>;

/** What a person found. */
const verdictSchema = z.object({
  outcome: z.enum(incidentOutcomes),
  cause: nameSchema.optional(),
  note: verdictNoteSchema.optional(),
  by: nameSchema,
  at: timestampSchema,
  /** State of the incident before its verdict; `undo_verdict` restores it. */
  before: z.enum(incidentStates),
});
export type Verdict = z.infer<typeof verdictSchema>;

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

/** What a person did about an incident. */
const actSchema = z.object({
  who: nameSchema,
  what: nameSchema,
  at: timestampSchema,
  via: viaSchema.optional(),
});

/** A setting that an incident changes while it lasts: a record of what the orchestrator plans. `before` is what is desired without it. */
const overrideSchema = z.object({
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
  /** Absent until a person gave one. */
  verdict: verdictSchema.optional(),
  drill: z.boolean(),
  /** A drill that alerts people as a fall does. */
  with_alerts: z.boolean().optional(),
  degraded: z.boolean(),
  /** Why it is degraded or waits, in words for people. */
  note: sentenceSchema.optional(),
  by: z.array(actSchema).max(maxIncidentEntries),
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
  /** Oldest first. Drills and incidents of earlier versions have none. */
  falls: z.array(incidentFallSchema).max(maxIncidentEntries).optional(),
  person: personSchema.optional(),
  /** When the person was first seen on the floor at the first fall. */
  detected_at: timestampSchema.optional(),
  /** How long the policy lets a replay of the incident be kept; absent: no replay may be made of it. */
  replay_until: timestampSchema.optional(),
  /** What a clip of the incident may show, and until when processors may keep it in memory; absent: none may be made. */
  clip: z.object({ mode: clipModeSchema, until: timestampSchema }).optional(),
  opened_at: timestampSchema,
  updated_at: timestampSchema,
  /** When the person was first seen up; absent again while the person is down. */
  recovered_at: timestampSchema.optional(),
  /** The first acknowledgment since the last fall: a later fall needs another one. */
  acknowledged_at: timestampSchema.optional(),
  closed_at: timestampSchema.optional(),
  trace_id: traceIdSchema,
});
export type Incident = z.infer<typeof incidentSchema>;

/** Returns the last fall of an incident; undefined for drills and incidents of earlier versions. */
export function lastFall({ falls }: Pick<Incident, 'falls'>): IncidentFall | undefined {
  return falls?.at(-1);
}

/** Returns since when the person of the last fall has been on the floor, ISO 8601: first seen low, else when the alarm was raised. */
export function onFloorSince(incident: Incident): string {
  const fall = lastFall(incident);
  return fall?.first_low_at ?? fall?.alarm_at ?? incident.detected_at ?? incident.opened_at;
}

/** Returns the latest acknowledgment of the last fall, with who gave it and where; undefined while it needs one. */
export function acknowledgmentOf(
  incident: Incident,
): { readonly at: string; readonly by?: string; readonly via?: Via } | undefined {
  if (incident.acknowledged_at === undefined) return undefined;
  const act = incident.by.findLast(({ what }) => what === 'acknowledge');
  if (act === undefined) return { at: incident.acknowledged_at };
  return act.via === undefined ? { at: act.at, by: act.who } : { at: act.at, by: act.who, via: act.via };
}

/**
 * Returns an incident id made from what identifies it: the same key always gives the same incident.
 * @param key identity of the event that opened it where that is unique, else anything that is unique here
 */
export function incidentIdOf(key: string): string {
  return `inc-${createHash('sha256').update(key).digest('hex').slice(0, 16)}`;
}
