import { type severities, timestampSchema } from '@vigilia/protocol';
import { z } from 'zod';
import { type AlertKind, alertKinds } from '../config/alerts-schema.ts';

export type Severity = (typeof severities)[number];

/** How grave each kind is; quiet hours mute no critical one. */
export const severityOf: Readonly<Record<AlertKind, Severity>> = {
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

/** Something people are told of, from its beginning to its end. Times in ms: epoch, of a clock that never goes back. */
export const alertCaseSchema = z.object({
  key: z.string(),
  kind: z.enum(alertKinds),
  openedMs: z.number(),
  /** When it happened, as whoever reported it says. */
  happenedAt: timestampSchema,
  sourceId: z.number().optional(),
  roomName: z.string().optional(),
  /** The processor, or the target whose link is lost. */
  instanceId: z.string().optional(),
  /** Why a fall report was refused, in the orchestrator's words. */
  reason: z.string().optional(),
  /** Its incident; a fall without one is known from its event alone. */
  incidentId: z.string().optional(),
  acknowledged: z.object({ at: timestampSchema, by: z.string().optional() }).optional(),
  recoveredAt: timestampSchema.optional(),
  closed: z
    .object({ at: timestampSchema, by: z.string().optional(), outcome: z.string().optional(), ms: z.number() })
    .optional(),
});
export type AlertCase = z.output<typeof alertCaseSchema>;

export function isOpen(one: AlertCase): boolean {
  return one.closed === undefined;
}

/** A fall that a sensor or a processor reported and of which no orchestrator has made an incident (yet). */
export function isBareFall(one: AlertCase): boolean {
  return one.kind === 'fall' && one.incidentId === undefined;
}
