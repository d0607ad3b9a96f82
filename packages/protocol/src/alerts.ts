import { z } from 'zod';
import {
  amountSchema,
  incidentIdSchema,
  nameSchema,
  sentenceSchema,
  sourceIdSchema,
  timestampSchema,
} from './fields.ts';
import { incidentOutcomes, personSchema, viaSchema } from './incidents.ts';

/** Messages and reactions that an alert lists; older ones make room. */
export const maxAlertEntries = 200;

/**
 * Where the alerting of an incident stands. `notified`: the first targets of the fall; `escalated`: further ones, because no person
 * has acknowledged; `repeated`: the list has started again at a higher level; `acknowledged`: a person is on the way; `returned`:
 * notified again, because the person was still down some time after the acknowledgment; `attended`: acknowledged, and the person is
 * up; `closed`: over.
 */
const alertStages = ['notified', 'escalated', 'repeated', 'acknowledged', 'returned', 'attended', 'closed'] as const;
export type AlertStage = (typeof alertStages)[number];

/** One message to one target. */
const noticeSchema = z.object({
  target: nameSchema,
  /** `raised`, `escalated`, `repeated`, `returned`, `acknowledged`, `recovered`, `closed`, `reopened`. */
  step: nameSchema,
  /** Which fall of the incident it is about, from 1. */
  fall: amountSchema,
  /** How often the list of targets had started again. */
  level: amountSchema,
  state: z.enum(['pending', 'sent', 'dropped']),
  /** When it became due. */
  at: timestampSchema,
  sent_at: timestampSchema.optional(),
});

/** What a person did about the incident. */
const reactionSchema = z.object({
  who: nameSchema,
  what: nameSchema,
  at: timestampSchema,
  via: viaSchema.optional(),
});

/** `nvr/alerts/{incident_id}`, retained: who was notified of an incident or a reported fall, who reacted, and what comes next. */
export const alertStateSchema = z.object({
  incident_id: incidentIdSchema,
  source_id: sourceIdSchema,
  room_name: nameSchema.optional(),
  drill: z.boolean(),
  /** A reported fall of which the orchestrator has opened no incident; the id is the one that its incident would have. */
  without_incident: z.boolean().optional(),
  stage: z.enum(alertStages),
  /** How often the list of targets has started again since the last fall. */
  level: amountSchema,
  /** Which fall of the incident the alert is about, from 1. */
  fall: amountSchema,
  person: personSchema,
  notified: z.array(noticeSchema).max(maxAlertEntries),
  reactions: z.array(reactionSchema).max(maxAlertEntries),
  /** The latest acknowledgment of the last fall. */
  acknowledged: z.object({ at: timestampSchema, by: nameSchema.optional(), via: viaSchema.optional() }).optional(),
  outcome: z.enum(incidentOutcomes).optional(),
  opened_at: timestampSchema,
  closed_at: timestampSchema.optional(),
  /** Why the system ended a drill, such as a real fall in its room; absent where a person ended it. */
  end_reason: sentenceSchema.optional(),
  /** The next message unless a person reacts; absent where none will come. */
  next: z.object({ at: timestampSchema, step: nameSchema, targets: z.array(nameSchema).max(100) }).optional(),
  updated_at: timestampSchema,
});
export type AlertState = z.infer<typeof alertStateSchema>;
