import {
  type Incident,
  incidentIdSchema,
  incidentOutcomes,
  nameSchema,
  recordSchema,
  roomKeySchema,
  sourceIdSchema,
  timestampSchema,
  withoutUndefined,
} from '@vigilia/protocol';
import { z } from 'zod';

/** Days that records are kept at least: thirteen months. */
export const leastKeptDays = 397;

/** What reports keep of an incident: no person, no note, no image. Times ISO 8601. */
export const incidentRecordSchema = z.object({
  incident_id: incidentIdSchema,
  source_id: sourceIdSchema,
  room_name: nameSchema.optional(),
  drill: z.boolean(),
  /** When each of its falls raised an alarm, oldest first; at least one. */
  alarms: z.array(timestampSchema).min(1).max(50),
  opened_at: timestampSchema,
  acknowledged_at: timestampSchema.optional(),
  /** When help is known to have arrived: the person was seen up after the acknowledgment, or a person stated what they found. */
  attended_at: timestampSchema.optional(),
  closed_at: timestampSchema.optional(),
  /** What a person found; absent without a verdict. */
  outcome: z.enum(incidentOutcomes).optional(),
  cause: nameSchema.optional(),
  updated_at: timestampSchema,
});
export type IncidentRecord = z.infer<typeof incidentRecordSchema>;

/** Milliseconds by cause. */
const causesSchema = recordSchema(z.number().min(0));

/** The kinds of time in which a fall would not have been seen. */
export const gapKinds = ['unwatched', 'blind'] as const;
export type GapKind = (typeof gapKinds)[number];

/** A room's quarter of an hour with unwatched or blind time. */
const quarterGapsSchema = z.object({ unwatched: causesSchema.optional(), blind: causesSchema.optional() });

const roomDaySchema = z.object({
  room_name: nameSchema.optional(),
  ward: nameSchema.optional(),
  /** For how long the room was expected to be watched and this was recorded. */
  recorded_ms: z.number().min(0),
  frames: z.number().min(0),
  /** Only quarters with unwatched or blind time; keys are quarters of an hour since 1970. */
  gaps: recordSchema(quarterGapsSchema),
});
export type RoomDay = z.infer<typeof roomDaySchema>;

/** The rooms of a site on one of its days. */
export const daySummarySchema = z.object({
  /** The day at the site, such as 2026-03-01. */
  date: z.iso.date(),
  /** By whose clock the day begins and ends. */
  time_zone: nameSchema,
  rooms: recordSchema(roomDaySchema, roomKeySchema),
});
export type DaySummary = z.infer<typeof daySummarySchema>;

/** What reports are made of. */
export interface ReportRecords {
  readonly incidents: readonly IncidentRecord[];
  readonly days: readonly DaySummary[];
}

export const quarterMs = 900_000;

/** Returns what reports keep of an incident in the state that it is in. */
export function incidentRecord(incident: Incident): IncidentRecord {
  const { opened_at, steps, verdict } = incident;
  const alarms = (incident.falls ?? []).map(({ alarm_at }, n) => (n === 0 ? earlier(alarm_at, opened_at) : alarm_at));
  const acknowledged = steps.acknowledged ?? incident.acknowledged_at;
  const recovered = steps.recovered ?? incident.recovered_at;
  const helpedUp = recovered !== undefined && acknowledged !== undefined && ms(recovered) >= ms(acknowledged);
  return withoutUndefined({
    incident_id: incident.incident_id,
    source_id: incident.source_id,
    room_name: incident.room_name,
    drill: incident.drill,
    alarms: alarms.length === 0 ? [opened_at] : alarms,
    opened_at,
    acknowledged_at: acknowledged,
    attended_at: earliest(helpedUp ? recovered : undefined, verdict?.at),
    closed_at: incident.closed_at,
    outcome: verdict?.outcome,
    cause: verdict?.cause,
    updated_at: incident.updated_at,
  });
}

/** Returns whether a state of an incident is newer than the one that is known: of an incident the latest state counts. */
export function isNewerState(state: IncidentRecord, known: IncidentRecord | undefined): boolean {
  return known === undefined || Date.parse(known.updated_at) < Date.parse(state.updated_at);
}

/** The first alarm raised an incident, so a sensor whose clock is ahead cannot have raised it later than it was opened. */
function earlier(alarmAt: string, openedAt: string): string {
  return ms(alarmAt) > ms(openedAt) ? openedAt : alarmAt;
}

function earliest(best: string | undefined, at: string | undefined): string | undefined {
  if (best === undefined || at === undefined) return best ?? at;
  return ms(at) < ms(best) ? at : best;
}

function ms(at: string): number {
  return Date.parse(at);
}
