import { incidentOutcomes, incidentSchema, judgementOf } from '@vigilia/protocol';
import { incidentRecord } from '@vigilia/reports';
import {
  asBoolean,
  asInteger,
  asIsoTime,
  asNumber,
  asRecord,
  asText,
  asTime,
  type Json,
} from '../schema/json-fields.ts';
import type { SinkDocument } from './document.ts';
import { type DocumentParts, makeDocument, originalText } from './ecs.ts';
import { roomFields } from './event-document.ts';
import { givenId } from './ids.ts';
import { idOfMessage, type MessageInput } from './message-input.ts';

/**
 * `nvr/incidents/{incident_id}`: each state is a document; a closed incident also gets one summary, which is what counts and averages are
 * made of (its id is the incident's, so it exists once however often the closed state is published).
 */
export function incidentDocuments(input: MessageInput<'incident'>): SinkDocument[] {
  const { payload, parsed, context } = input;
  const state = asText(payload.state);
  const timeMs = asTime(payload.updated_at) ?? asTime(payload.closed_at) ?? asTime(payload.opened_at);
  const steps = stepTimes(payload);
  const parts: DocumentParts = {
    id: idOfMessage(input, timeMs !== undefined),
    stream: 'events',
    priority: 'critical',
    timeMs,
    ecs: {
      event: { kind: 'state', action: 'incident_state', original: originalText(payload) },
      message: `incident ${parsed.incidentId} is ${state ?? 'unknown'}`,
      log: { level: 'info' },
      service: { name: 'vigilia', node: { name: asText(payload.watched_by) } },
      trace: { id: asText(payload.trace_id) },
      user: { name: whoDid('acknowledge', payload) },
    },
    own: {
      ...roomFields(payload),
      model_id: asText(firstFall(payload)?.model_id),
      model_sha256: asText(firstFall(payload)?.model_sha256),
      incident_id: parsed.incidentId,
      incident: incidentFields(payload, steps),
      durations_ms: durations(payload, steps),
      topic: input.topic,
    },
  };
  const document = makeDocument(parts, context);
  const record = recordForReports(parts, parsed.incidentId, payload);
  return [
    document,
    ...(state === 'closed' ? [makeDocument(summary(parts, parsed.incidentId, payload), context)] : []),
    ...(record === undefined ? [] : [makeDocument(record, context)]),
  ];
}

/** What reports keep of this state for more than a year; undefined of an incident that breaks its schema. */
function recordForReports({ id, timeMs }: DocumentParts, incidentId: string, payload: Json): DocumentParts | undefined {
  const incident = incidentSchema.safeParse(payload).data;
  if (incident === undefined) return undefined;
  return {
    id: givenId('incident', `incident:${incidentId}:${id}`),
    stream: 'reports',
    priority: 'critical',
    timeMs,
    ecs: { event: { kind: 'state', action: 'incident_record' }, service: { name: 'vigilia' } },
    own: { source_id: incident.source_id, incident_id: incidentId, report: incidentRecord(incident) },
  };
}

function summary(parts: DocumentParts, incidentId: string, payload: Json): DocumentParts {
  const event = asRecord(parts.ecs.event);
  return {
    ...parts,
    id: givenId('incident', `incident:${incidentId}:summary`),
    // the time of the fall: a summary belongs to the hour and day of the fall
    timeMs: asTime(payload.detected_at) ?? asTime(payload.opened_at) ?? parts.timeMs,
    ecs: {
      ...parts.ecs,
      event: { ...event, action: 'incident_summary' },
      message: `incident ${incidentId} from fall to close`,
    },
  };
}

function stepTimes(payload: Json): ReadonlyMap<string, number> {
  const steps = new Map<string, number>();
  for (const [name, at] of Object.entries(asRecord(payload.steps) ?? {})) {
    const time = asTime(at);
    if (time !== undefined && /^[a-z_]{1,40}$/.test(name)) {
      steps.set(name, time);
    }
  }
  return steps;
}

function incidentFields(payload: Json, steps: ReadonlyMap<string, number>): Json {
  const overrides = Array.isArray(payload.overrides) ? payload.overrides.length : undefined;
  return {
    state: asText(payload.state),
    outcome: asText(payload.outcome),
    judgement: judgement(payload),
    rule: asText(firstFall(payload)?.rule),
    drill: asBoolean(payload.drill),
    degraded: asBoolean(payload.degraded),
    home: asText(payload.home),
    dedicated: asText(payload.dedicated),
    watched_by: asText(payload.watched_by),
    note: asText(payload.note),
    resolved_by: whoDid('resolve', payload),
    relieved_rooms: overrides,
    spawn_attempts: asInteger(asRecord(payload.attempts)?.spawn),
    opened_at: asIsoTime(payload.opened_at),
    closed_at: asIsoTime(payload.closed_at),
    steps: Object.fromEntries([...steps].map(([name, at]) => [name, new Date(at).toISOString()])),
  };
}

/** Whether the alarm was right, as far as a person has given a verdict; undefined for drills. */
function judgement(payload: Json): string | undefined {
  if (payload.drill === true) return undefined;
  const outcome = asText(asRecord(payload.verdict)?.outcome);
  return judgementOf(incidentOutcomes.find((known) => known === outcome));
}

function firstFall(payload: Json): Json | undefined {
  return Array.isArray(payload.falls) ? asRecord(payload.falls[0]) : undefined;
}

/** From the fall's first moment where it is known, and for each step from the opening: all whole milliseconds. */
function durations(payload: Json, steps: ReadonlyMap<string, number>): Json {
  const opened = asTime(payload.opened_at) ?? steps.get('opened');
  const fell = asTime(payload.detected_at);
  const acknowledged = asTime(payload.acknowledged_at) ?? steps.get('acknowledged');
  const closed = asTime(payload.closed_at) ?? steps.get('closed');
  const since = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined ? undefined : Math.max(0, to - from);
  const perStep = [...steps].map(([name, at]) => [`open_to_${name}`, since(opened, at)] as const);
  return {
    ...Object.fromEntries(perStep),
    fall_to_open: since(fell, opened),
    fall_to_acknowledged: since(fell ?? opened, acknowledged),
    fall_to_resolved: since(fell ?? opened, steps.get('resolved') ?? closed),
    fall_to_closed: since(fell ?? opened, closed),
    hand_over: since(steps.get('dedicated_started') ?? opened, steps.get('room_released')),
    reported: numbersOf(asRecord(payload.durations_ms)),
  };
}

function numbersOf(values: Json | undefined): Json | undefined {
  if (values === undefined) return undefined;
  return Object.fromEntries(Object.entries(values).filter(([, value]) => asNumber(value) !== undefined));
}

/** The first person who did this; others may resolve what one has acknowledged. */
function whoDid(what: 'acknowledge' | 'resolve', payload: Json): string | undefined {
  const entries = Array.isArray(payload.by) ? payload.by.map(asRecord) : [];
  return asText(entries.find((entry) => entry?.what === what)?.who);
}
