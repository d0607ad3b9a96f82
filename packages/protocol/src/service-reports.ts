import { z } from 'zod';
import { amountSchema, bootIdSchema, instanceIdSchema, nameSchema, sentenceSchema, timestampSchema } from './fields.ts';

/** How often a service reports, ms. */
export const serviceReportIntervalMs = 10_000;

/** Kinds of warnings and errors that a report lists; older ones make room. */
export const maxTroubles = 20;

/** A folder that a service writes to, with its disk. */
const reportedFolderSchema = z.object({
  /** What it is for: `state`, `spool`. */
  name: nameSchema,
  /** Of the disk. */
  free_bytes: amountSchema,
  total_bytes: amountSchema,
  /** What the service keeps there, and the most that it may keep; left out where it does not count. */
  used_bytes: amountSchema.optional(),
  max_bytes: amountSchema.optional(),
});
export type ReportedFolder = z.infer<typeof reportedFolderSchema>;

/** A kind of warning or error of the log, by its event: the latest line, redacted, and how often since the start. */
const serviceTroubleSchema = z.object({
  level: z.enum(['warning', 'error']),
  event: nameSchema,
  message: z.string().max(400),
  count: amountSchema,
  at: timestampSchema,
});
export type ServiceTrouble = z.infer<typeof serviceTroubleSchema>;

/** Whether a target of alerts takes messages. */
const alertTargetSchema = z.object({
  name: nameSchema,
  type: nameSchema,
  ok: z.boolean(),
  /** Messages that wait for it. */
  pending: amountSchema,
  failing_since: timestampSchema.optional(),
  code: nameSchema.optional(),
  error: sentenceSchema.optional(),
  remedy: sentenceSchema.optional(),
});
export type AlertTargetReport = z.infer<typeof alertTargetSchema>;

/** `nvr/services/{instance_id}`: what a service knows of itself, every ten seconds; not retained, so that each one is current. */
export const serviceReportSchema = z.object({
  instance_id: instanceIdSchema,
  /** `processor`, `orchestrator`, `event-sink`, `notifier`, `console`. */
  service: nameSchema,
  version: nameSchema,
  boot_id: bootIdSchema,
  state: z.enum(['running', 'stopped']),
  started_at: timestampSchema,
  /** By its own clock, when it was sent. */
  timestamp: timestampSchema,
  folders: z.array(reportedFolderSchema).max(10),
  /** Newest first. */
  troubles: z.array(serviceTroubleSchema).max(maxTroubles),
  /** Of the notifier. */
  alert_targets: z.array(alertTargetSchema).max(100).optional(),
});
export type ServiceReport = z.infer<typeof serviceReportSchema>;
