import { redactDeep, redactUrl } from '@vigilia/service';
import type { Stream } from '../schema/data-streams.ts';
import { asRecord, compact, type Json } from '../schema/json-fields.ts';
import type { Priority } from '../spool/priority.ts';
import type { SinkDocument } from './document.ts';
import { removeUnfitNumbers } from './number-ranges.ts';
import type { Traces } from './trace-registry.ts';

const ECS_VERSION = '8.17.0';

/** What every document needs and no message contains. */
export interface DocumentContext {
  readonly receivedAtMs: number;
  readonly namespace: string;
  /** Hour of the day at the site, 0 to 23. */
  readonly localHour: (epochMs: number) => number;
  /** Traces of what does not name its own. */
  readonly traces?: Traces;
}

export interface DocumentParts {
  readonly id: string;
  readonly stream: Stream;
  readonly priority: Priority;
  readonly timeMs: number | undefined;
  /** ECS fields of this document (`event`, `message`, `log`, `trace` …). */
  readonly ecs: Json;
  /** Our own fields, put under `vigilia`. */
  readonly own: Json;
}

/** No message of this software is older: such a clock was never set (1970, or 2000 in some devices). */
const EARLIEST_MS = Date.UTC(2020, 0, 1);
const LATEST_AHEAD_MS = 24 * 60 * 60_000;

function isPlausible(timeMs: number, receivedAtMs: number): boolean {
  return timeMs >= EARLIEST_MS && timeMs <= receivedAtMs + LATEST_AHEAD_MS;
}

/**
 * Builds the document that every mapper ends in: times, data stream, id and our own fields in their places. A time that cannot be right
 * would file the document out of every dashboard: it gets the time of its arrival, and `labels.sender_clock` keeps the sender's.
 * Texts of messages and of other programs' log lines pass through `redactDeep`; detections and metrics are numbers and our own names.
 */
export function makeDocument(parts: DocumentParts, context: DocumentContext): SinkDocument {
  const { receivedAtMs } = context;
  const isKept = parts.timeMs === undefined || isPlausible(parts.timeMs, receivedAtMs);
  const timeMs = isKept ? (parts.timeMs ?? receivedAtMs) : receivedAtMs;
  const senderClock = isKept ? undefined : new Date(parts.timeMs ?? receivedAtMs).toISOString();
  const [type, dataset] = parts.stream === 'metrics' ? ['metrics', 'vigilia'] : ['logs', `vigilia.${parts.stream}`];
  const worded = parts.stream === 'events' || parts.stream === 'service';
  const { event, own, others } = worded ? withoutSecrets(parts) : splitParts(parts);
  const { labels, ...rest } = others;
  const body = compact({
    '@timestamp': new Date(timeMs).toISOString(),
    ecs: { version: ECS_VERSION },
    data_stream: { type, dataset, namespace: context.namespace },
    event: {
      id: parts.id,
      dataset,
      module: 'vigilia',
      created: new Date(context.receivedAtMs).toISOString(),
      ...event,
    },
    ...rest,
    labels: { ...(labels as Json | undefined), sender_clock: senderClock },
    vigilia: { ...own, local_hour: context.localHour(timeMs) },
  });
  if (body !== undefined) {
    removeUnfitNumbers(body);
  }
  return { id: parts.id, stream: parts.stream, priority: parts.priority, body: body ?? {} };
}

interface SplitParts {
  readonly event: Json | undefined;
  readonly own: Json;
  readonly others: Json;
}

function splitParts({ ecs, own }: DocumentParts): SplitParts {
  const { event, ...others } = ecs;
  return { event: asRecord(event), own, others };
}

/** The original is redacted already (`originalText`). */
function withoutSecrets(parts: DocumentParts): SplitParts {
  const { event, own, others } = splitParts(parts);
  const { original, ...rest } = event ?? {};
  const clean = redactDeep({ event: rest, own, others }) as { event: Json; own: Json; others: Json };
  return { ...clean, event: { ...clean.event, original } };
}

/** The whole message as text without its secrets; cut at 256 kB. */
export function originalText(value: unknown): string {
  const text = typeof value === 'string' ? redactUrl(value) : JSON.stringify(redactDeep(value));
  return text.length > 262_144 ? `${text.slice(0, 262_144)}…` : text;
}

const QUARTER_MS = 15 * 60_000;

/**
 * `localHour` for a time zone such as `Europe/Madrid`. Offsets are whole quarters of an hour, so one answer serves a quarter.
 * @throws RangeError for a zone that does not exist.
 */
export function localHourIn(timeZone: string): (epochMs: number) => number {
  const format = new Intl.DateTimeFormat('en-GB', { hour: 'numeric', hourCycle: 'h23', timeZone });
  let known = { quarter: Number.NaN, hour: 0 };
  return (epochMs) => {
    const quarter = Math.floor(epochMs / QUARTER_MS);
    if (quarter !== known.quarter) {
      known = { quarter, hour: Number(format.format(epochMs)) };
    }
    return known.hour;
  };
}
