import { z } from 'zod';
import {
  eventIdSchema,
  type FramePlace,
  modelSha256Schema,
  nameSchema,
  placeSchema,
  senderSchema,
  sourceIdSchema,
  timestampSchema,
  traceIdSchema,
} from './fields.ts';
import { withoutUndefined } from './without-undefined.ts';

const room = z
  .union([sourceIdSchema, z.string().max(32)])
  .nullish()
  .describe('Number of the room, also as text');

/** What a sensor may send, for the documents. Everything but the room is optional, and what cannot be used is left out. */
const reportInputSchema = z.looseObject({
  source_id: room,
  room_id: room,
  event_id: z.unknown().optional().describe('Identity of the fall: a text of at most 128 characters'),
  instance_id: z.unknown().optional().describe('Name of the sensor'),
  timestamp: z.unknown().optional().describe('ISO 8601'),
  detected_at: z.unknown().optional().describe('ISO 8601: when the person was first seen on the floor'),
  trace_id: z.unknown().optional(),
  model_id: z.unknown().optional().describe('The model that raised it'),
  model_sha256: z.unknown().optional().describe('SHA-256 of its files, as the event describes it'),
  evidence: z.unknown().optional().describe('`rule`: the rule that raised it'),
  place: z.unknown().optional().describe('Box of the person in 0..1 of the frame: x1, y1, x2, y2'),
});

/** A fall report as far as it can be used. */
export interface FallReport {
  readonly source_id: number;
  readonly event_id?: string;
  readonly instance_id?: string;
  /** When the sensor published it, by its own clock, in UTC. */
  readonly timestamp?: string;
  /** When the person was first seen on the floor, by the sensor's clock, in UTC. */
  readonly detected_at?: string;
  readonly trace_id?: string;
  readonly model_id?: string;
  readonly model_sha256?: string;
  readonly rule?: string;
  readonly place?: FramePlace;
  /** Fields that are there and could not be used. */
  readonly unread: readonly string[];
}

/**
 * Reads a fall report of any sensor: `{"source_id": 2}` or `{"room_id": "2"}` is enough. A report that names a room is never
 * rejected because of anything else in it; fields that cannot be used are listed in `unread`.
 */
export const fallReportSchema: z.ZodType<FallReport> = reportInputSchema.transform((input, context): FallReport => {
  const sourceId = readRoom(input.source_id) ?? readRoom(input.room_id);
  if (sourceId === undefined) {
    context.addIssue({ code: 'custom', path: ['source_id'], message: 'must be the number of a room' });
    return z.NEVER;
  }
  const { event_id, instance_id, timestamp, detected_at, trace_id, model_id, model_sha256, evidence, place } = input;
  const report = {
    source_id: sourceId,
    event_id: eventIdSchema.safeParse(event_id).data,
    instance_id: senderSchema.min(1).safeParse(instance_id).data,
    timestamp: readTimestamp(timestamp),
    detected_at: readTimestamp(detected_at),
    trace_id: traceIdSchema.safeParse(trace_id).data,
    model_id: nameSchema.min(1).safeParse(model_id).data,
    model_sha256: modelSha256Schema.safeParse(model_sha256).data,
    rule: evidenceSchema.safeParse(evidence).data?.rule,
    place: placeSchema.safeParse(place).data,
  };
  const unread = Object.entries({ event_id, instance_id, timestamp, detected_at, trace_id, model_id, place })
    .filter(
      ([name, value]) => value !== undefined && value !== null && report[name as keyof typeof report] === undefined,
    )
    .map(([name]) => name);
  return withoutUndefined({ ...report, unread });
});

const evidenceSchema = z.looseObject({ rule: nameSchema.min(1) });

/** Finds the room in a report that is not JSON, such as Python's `NaN`, single quotes, or a text that was cut short. */
export function rescueFallReport(text: string): FallReport | undefined {
  const found =
    /["']?\b(?:source_id|room_id)["']?\s{0,8}[:=]\s{0,8}["']?\s{0,8}(\d{1,7})(?:\.0{1,8})?["']?\s{0,8}(?=[,}\]\n\r]|$)/.exec(
      text,
    );
  const sourceId = found === null ? undefined : readRoom(found[1]);
  return sourceId === undefined ? undefined : { source_id: sourceId, unread: ['payload'] };
}

function readRoom(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\s*\d{1,7}(\.0*)?\s*$/.test(value) ? Number(value) : value;
  return sourceIdSchema.safeParse(number).data;
}

/** Earliest and latest moments that a report may name, epoch ms: 2000 and 2100. */
const plausibleMs = { from: Date.UTC(2000, 0), to: Date.UTC(2100, 0) };

/**
 * Reads a foreign time as ISO 8601 in UTC: ISO with any offset, epoch seconds or milliseconds, RFC 5322. A time without a zone is
 * left out, because the sensor's zone is not known.
 */
function readTimestamp(value: unknown): string | undefined {
  const ms = typeof value === 'number' ? fromEpoch(value) : typeof value === 'string' ? fromText(value) : undefined;
  if (ms === undefined || !(ms >= plausibleMs.from && ms <= plausibleMs.to)) return undefined;
  return new Date(ms).toISOString();
}

function fromEpoch(value: number): number {
  return value < 100_000_000_000 ? value * 1000 : value;
}

function fromText(text: string): number | undefined {
  const iso = timestampSchema.safeParse(text.trim().replace(' ', 'T'));
  if (iso.success) return Date.parse(iso.data);
  return /^[A-Za-z]{3}, \d{1,2} [A-Za-z]{3} \d{4} \d\d:\d\d(:\d\d)? ([+-]\d{4}|GMT|UT)$/.test(text.trim())
    ? Date.parse(text)
    : undefined;
}
