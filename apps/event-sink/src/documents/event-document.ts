import { asInteger, asIsoTime, asNumber, asRecord, asText, asTime, type Json } from '../schema/json-fields.ts';
import type { Priority } from '../spool/priority.ts';
import type { SinkDocument } from './document.ts';
import { makeDocument, originalText } from './ecs.ts';
import { givenId } from './ids.ts';
import { idOfMessage, type MessageInput } from './message-input.ts';

const SEVERITY_NUMBERS: Readonly<Record<string, number>> = { info: 20, warning: 50, critical: 90 };
const LEVELS: Readonly<Record<string, string>> = { info: 'info', warning: 'warn', critical: 'error' };

/** `nvr/events/{type}`; also a bare `{"source_id": 2}` of another fall sensor. Falls, incidents and views of clips are never dropped from the spool. */
export function eventDocument(input: MessageInput<'event'>): SinkDocument {
  const { payload, parsed } = input;
  const time = asTime(payload.timestamp);
  const given = asText(payload.event_id);
  const type = asText(payload.event) ?? parsed.type;
  const severity = asText(payload.severity);
  return makeDocument(
    {
      id: given === undefined ? idOfMessage(input, time !== undefined) : givenId('event', given),
      stream: 'events',
      priority: priorityOf(type),
      timeMs: time,
      ecs: {
        event: {
          kind: type === 'fall_detected' || (severity !== undefined && severity !== 'info') ? 'alert' : 'event',
          action: type,
          severity: SEVERITY_NUMBERS[severity ?? ''],
          original: originalText(input.text),
        },
        message: messageOf(type, payload),
        log: { level: LEVELS[severity ?? 'info'] ?? 'info' },
        service: { name: 'vigilia', node: { name: asText(payload.instance_id) } },
        trace: { id: asText(payload.trace_id) ?? traceOf(type, input) },
        user: { name: asText(payload.by), id: asText(payload.account) },
      },
      own: {
        ...roomFields(payload),
        ...detailFields(type, payload),
        severity,
        reason: asText(payload.reason),
        topic: input.topic,
      },
    },
    input.context,
  );
}

/** Of a bare report of another fall sensor: the trace of the incident it joins. */
function traceOf(type: string, { payload, context }: MessageInput<'event'>): string | undefined {
  const known = context.traces?.ofIncident(asText(payload.incident_id));
  const room = asInteger(payload.source_id) ?? asInteger(payload.room_id);
  if (known !== undefined || type !== 'fall_detected' || room === undefined) return known;
  return context.traces?.ofRoom(room);
}

function priorityOf(type: string): Priority {
  return /^(fall|incident|person|clip|model)_/.test(type) ? 'critical' : 'normal';
}

function messageOf(type: string, payload: Json): string {
  const room = asInteger(payload.source_id) ?? asInteger(payload.room_id);
  const name = asText(payload.room_name);
  const where = room === undefined ? '' : ` in room ${room}${name === undefined ? '' : ` (${name})`}`;
  return `${type.replaceAll('_', ' ')}${where}`;
}

/** The fields of many events and states: room, incident and sender. */
export function roomFields(payload: Json): Json {
  return {
    source_id: asInteger(payload.source_id) ?? asInteger(payload.room_id),
    room_name: asText(payload.room_name),
    instance_id: asText(payload.instance_id),
    incident_id: asText(payload.incident_id),
    boot_id: asText(payload.boot_id),
    model_id: asText(payload.model_id),
    model_sha256: asText(payload.model_sha256),
  };
}

/** What single types of event add. */
function detailFields(type: string, payload: Json): Json {
  const detected = asTime(payload.detected_at);
  const alarm = asTime(payload.alarm_at);
  const evidence = asRecord(payload.evidence);
  return {
    detected_at: asIsoTime(payload.detected_at),
    alarm_at: asIsoTime(payload.alarm_at),
    track_id: asInteger(payload.track_id),
    bbox: asRecord(payload.bbox),
    evidence,
    blind: { cause: type === 'room_blind' ? asText(payload.reason) : undefined },
    blind_since: asIsoTime(payload.blind_since),
    gap: { max_ms: asNumber(payload.gap_ms) },
    handover: { from: asText(payload.from), to: asText(payload.to) },
    durations_ms: {
      fall_to_alarm: detected === undefined || alarm === undefined ? undefined : Math.max(0, alarm - detected),
    },
  };
}
