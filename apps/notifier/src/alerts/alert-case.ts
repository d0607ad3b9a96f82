import { personSchema, timestampSchema, viaSchema } from '@vigilia/protocol';
import { z } from 'zod';
import { type AlertKind, alertKinds } from '../config/alerts-schema.ts';
import type { Severity } from '../targets/alert-message.ts';
import { alarmSchema } from './alarm.ts';

/** How grave each kind is; quiet hours mute no critical one. */
const severityOfKind: Readonly<Record<AlertKind, Severity>> = {
  fall: 'critical',
  broker_lost: 'critical',
  target_offline: 'critical',
  fall_refused: 'warning',
  unwatched: 'warning',
  blind: 'warning',
  processor_offline: 'warning',
  orchestrator_offline: 'warning',
  drill: 'info',
};

/** Something that people are notified of, from its beginning to its end. Times in ms: epoch, of a clock that never goes back. */
export const alertCaseSchema = z.object({
  key: z.string(),
  kind: z.enum(alertKinds),
  openedMs: z.number(),
  /** When it happened, as reported; of falls, since when the person has been on the floor. */
  happenedAt: timestampSchema,
  sourceId: z.number().optional(),
  roomName: z.string().optional(),
  /** The processor, or the target whose link is lost. */
  instanceId: z.string().optional(),
  /** Why a fall report was refused, in the orchestrator's words. */
  reason: z.string().optional(),
  /** Why a blind room has no picture, such as `dark`. */
  blindCause: z.string().optional(),
  /** Its incident; a fall without one is known from its event alone. */
  incidentId: z.string().optional(),
  /** A drill that alerts people as a fall does. */
  withAlerts: z.boolean().optional(),
  /** Identifies the last fall, and how many there were. */
  fallKey: z.string().optional(),
  falls: z.number().optional(),
  person: personSchema.optional(),
  /** The latest acknowledgment of the last fall. */
  acknowledged: z.object({ at: timestampSchema, by: z.string().optional(), via: viaSchema.optional() }).optional(),
  /** The acknowledgment of the fall before, while the incident does not list the last one. */
  ignoredAckAt: timestampSchema.optional(),
  /** The fall (`happenedAt`) of which there is a picture. */
  picturedFall: timestampSchema.optional(),
  recoveredAt: timestampSchema.optional(),
  /** When a processor reported that the person is up, while no orchestrator was there to record it. */
  seenUpAt: timestampSchema.optional(),
  closed: z
    .object({ at: timestampSchema, by: z.string().optional(), outcome: z.string().optional(), ms: z.number() })
    .optional(),
  /** Falls and drills only: where their alerting stands. */
  alarm: alarmSchema.optional(),
  /** Drills only: the report was published. */
  reported: z.boolean().optional(),
});
export type AlertCase = z.output<typeof alertCaseSchema>;

export function isOpen(one: AlertCase): boolean {
  return one.closed === undefined;
}

/** A fall, or a drill of one: what has an alarm of its own. */
export function isFallOrDrill({ kind }: AlertCase): boolean {
  return kind === 'fall' || kind === 'drill';
}

/** A fall that a sensor or a processor reported and of which no orchestrator has made an incident (yet). */
export function isBareFall(one: AlertCase): boolean {
  return one.kind === 'fall' && one.incidentId === undefined;
}

/** Returns whether a case is over while another fall or drill of its kind is open in the same room. */
export function hasLaterFall(cases: readonly AlertCase[], { key, kind, sourceId, closed }: AlertCase): boolean {
  if (closed === undefined || sourceId === undefined) return false;
  return cases.some((one) => isOpen(one) && one.key !== key && one.kind === kind && one.sourceId === sourceId);
}

/** Returns how grave a case is: a drill with alerts is treated as the fall that it stands for. */
export function severityOf({ kind, withAlerts }: AlertCase): Severity {
  return severityOfKind[kind === 'drill' && withAlerts === true ? 'fall' : kind];
}
