import { redactUrl } from '@vigilia/service';
import { asInteger, asNumber, asRecord, asText, asTime, type Json } from '../schema/json-fields.ts';
import type { SinkDocument } from './document.ts';
import { type DocumentContext, makeDocument, originalText } from './ecs.ts';
import { roomFields } from './event-document.ts';
import { hashId } from './ids.ts';

/** One line of a container's or a file's log, and where it stood. */
export interface LogLine {
  readonly text: string;
  /** `container` or `file`, and its name for people. */
  readonly origin: { readonly kind: 'container' | 'file'; readonly name: string; readonly id: string };
  /** Container: engine time (ns, as text) and ordinal among equal lines of that time. File: identity of the file and byte offset. */
  readonly place: readonly string[];
  /** The engine's time, where it gave one. */
  readonly timeMs?: number | undefined;
}

/** One log line of the structure of the services (JSON), or of anything else (kept as message). Never throws. */
export function logDocument(line: LogLine, context: DocumentContext): SinkDocument {
  const fields = parseLine(line.text);
  const error = asRecord(fields?.error);
  const level = (asText(fields?.level) ?? asText(asRecord(fields?.log)?.level) ?? 'info').toLowerCase();
  return makeDocument(
    {
      id: hashId('log', line.origin.id, ...line.place, line.text),
      stream: 'service',
      priority: 'normal',
      timeMs: asTime(fields?.timestamp) ?? asTime(fields?.['@timestamp']) ?? asEpoch(fields?.time) ?? line.timeMs,
      ecs: {
        event: { kind: 'event', action: asText(fields?.event) },
        message: asText(fields?.message) ?? asText(fields?.msg) ?? redactUrl(line.text).slice(0, 32_768),
        log: {
          level,
          logger: asText(fields?.logger),
          file: line.origin.kind === 'file' ? { path: line.origin.name } : undefined,
        },
        container: line.origin.kind === 'container' ? { id: line.origin.id, name: line.origin.name } : undefined,
        service: { name: serviceName(fields, line), node: { name: asText(fields?.instance_id) } },
        trace: { id: asText(fields?.trace_id) ?? traceOf(fields, context) },
        error: { code: asText(error?.code), message: asText(error?.message) },
        labels: changes(fields),
      },
      own: {
        ...roomFields(fields ?? {}),
        component: asText(fields?.component),
        command: { name: asText(fields?.command), id: asText(fields?.command_id) },
        duration_ms: asNumber(fields?.duration_ms),
        log: fields === undefined ? undefined : { fields: originalText(fields) },
      },
    },
    context,
  );
}

/** A line that names an incident, or comes from the processor of one, belongs to its story. */
function traceOf(fields: Json | undefined, { traces }: DocumentContext): string | undefined {
  return traces?.ofIncident(asText(fields?.incident_id)) ?? traces?.ofInstance(asText(fields?.instance_id));
}

function parseLine(text: string): Json | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return asRecord(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asEpoch(value: unknown): number | undefined {
  const ms = asInteger(value);
  return ms !== undefined && ms > 0 && ms < 253_402_300_800_000 ? ms : undefined;
}

function serviceName(fields: Json | undefined, line: LogLine): string {
  const logger = asText(fields?.logger);
  return logger === undefined ? line.origin.name : logger.replace(/^vigilia\./, '');
}

/** `old_…` and `new_…` values of a change, as text: searchable whatever their type. */
function changes(fields: Json | undefined): Json | undefined {
  if (fields === undefined) return undefined;
  const found = Object.entries(fields).filter(
    ([key, value]) => /^(old|new)_[a-z_]{1,40}$/.test(key) && value !== null && value !== undefined,
  );
  return Object.fromEntries(
    found.map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}
