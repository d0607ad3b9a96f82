import { timestampSchema, withoutUndefined } from '@vigilia/protocol';
import { z } from 'zod';
import { type Step, stepSchema } from '../targets/alert-message.ts';
import { alarmNotLaterThan } from './alarm.ts';
import { type AlertCase, alertCaseSchema } from './alert-case.ts';

/** One message to one target; there is never a second one with the same id. */
const deliverySchema = z.object({
  id: z.string(),
  caseKey: z.string(),
  target: z.string(),
  step: stepSchema,
  critical: z.boolean(),
  /** Falls: which one of the incident, from 1, and how often the list of targets had started again. */
  fall: z.number().optional(),
  level: z.number().optional(),
  /** `dropped`: not needed any more. It may still arrive when it was under way. */
  state: z.enum(['pending', 'sent', 'dropped']),
  /** An attempt has begun that may have arrived, though it was not confirmed. */
  begun: z.boolean(),
  createdMs: z.number(),
  sentAt: timestampSchema.optional(),
});
export type Delivery = z.output<typeof deliverySchema>;

/** Everything about alerts that must outlast a restart. */
export const memorySchema = z.object({
  version: z.literal(1),
  cases: z.array(alertCaseSchema),
  deliveries: z.array(deliverySchema),
});
export type Memory = z.output<typeof memorySchema>;

export const emptyMemory: Memory = { version: 1, cases: [], deliveries: [] };

/** Returns the memory with no time after `nowMs`: an alarm would wait for a moment that a wrong clock has named. */
export function notLaterThan(memory: Memory, nowMs: number): Memory {
  const atMost = (ms: number): number => Math.min(ms, nowMs);
  const cases = memory.cases.map((one) =>
    withoutUndefined<AlertCase>({
      ...one,
      openedMs: atMost(one.openedMs),
      closed: one.closed === undefined ? undefined : { ...one.closed, ms: atMost(one.closed.ms) },
      alarm: one.alarm === undefined ? undefined : alarmNotLaterThan(one.alarm, nowMs),
    }),
  );
  const deliveries = memory.deliveries.map((one) => ({ ...one, createdMs: atMost(one.createdMs) }));
  return { ...memory, cases, deliveries };
}

/** The id describes the delivery, so that planning it twice is planning it once. */
export function deliveryId(caseKey: string, step: string, target: string): string {
  return `${caseKey}/${step}/${target}`;
}

/** A step that calls people, as opposed to news for those who were called. */
export function isAlarm(step: Step): boolean {
  return step === 'raised' || /^(escalated|repeated|returned)_/.test(step);
}
