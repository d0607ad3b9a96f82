import { redactDeep, redactUrl } from '@vigilia/service';
import type { Priority } from '../spool/priority.ts';
import type { SinkDocument, Stream } from './document.ts';
import { asRecord, compact, type Json } from './fields.ts';
import type { Traces } from './trace-book.ts';

export const ECS_VERSION = '8.17.0';

/** What every document needs and no message says. */
export interface DocumentContext {
  readonly receivedAtMs: number;
  readonly namespace: string;
  /** Hour of the day, 0 to 23, where the residence is. */
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

/**
 * The document every mapper ends in: times, data stream, id and our own fields in their places. Whatever a message or another program's
 * log line says goes through `redactDeep` here; detections and metrics are numbers and names of ours.
 */
export function makeDocument(parts: DocumentParts, context: DocumentContext): SinkDocument {
  const timeMs = parts.timeMs ?? context.receivedAtMs;
  const [type, dataset] = parts.stream === 'metrics' ? ['metrics', 'vigilia'] : ['logs', `vigilia.${parts.stream}`];
  const worded = parts.stream === 'events' || parts.stream === 'service';
  const { event, own, others } = worded ? withoutSecrets(parts) : splitParts(parts);
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
    ...others,
    vigilia: { ...own, local_hour: context.localHour(timeMs) },
  });
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
    if (quarter !== known.quarter) known = { quarter, hour: Number(format.format(epochMs)) };
    return known.hour;
  };
}
