import { asBoolean, asInteger, asNumber, asRecord, asText, asTime, type Json } from '../schema/json-fields.ts';
import type { SinkDocument } from './document.ts';
import { makeDocument, originalText } from './ecs.ts';
import { roomFields } from './event-document.ts';
import { givenId } from './ids.ts';
import { idOfMessage, type MessageInput } from './message-input.ts';

/** `nvr/control/commands` and `nvr/orchestrator/commands`: what a person or a program requested. */
export function commandDocument(input: MessageInput<'commands' | 'orchestrator_commands'>): SinkDocument {
  const { payload } = input;
  const params = asRecord(payload.params) ?? {};
  const command = asText(payload.command) ?? 'unknown';
  const given = asText(payload.command_id);
  const targets = Array.isArray(payload.target_instances)
    ? payload.target_instances.filter((target) => asText(target) !== undefined)
    : undefined;
  return makeDocument(
    {
      id:
        given === undefined
          ? idOfMessage(input, false)
          : givenId('command', `${input.topic.replaceAll('/', '.')}:${given}`),
      stream: 'events',
      priority: 'normal',
      timeMs: undefined,
      ecs: {
        event: { kind: 'event', action: 'command', original: originalText(payload) },
        message: `command ${command}`,
        log: { level: 'info' },
        service: { name: 'vigilia' },
        trace: { id: asText(payload.trace_id) ?? traceOfRequest(input, params) },
        user: { name: asText(params.by) },
      },
      own: {
        ...roomFields(params),
        command: {
          name: command,
          id: given,
          targets,
          receiver: input.parsed.kind === 'commands' ? 'processor' : 'orchestrator',
        },
        topic: input.topic,
      },
    },
    input.context,
  );
}

/** A person's command to the orchestrator about an incident (acknowledge, resolve, release) belongs to its trace. */
function traceOfRequest({ parsed, context }: MessageInput<'commands' | 'orchestrator_commands'>, params: Json) {
  if (parsed.kind !== 'orchestrator_commands') return undefined;
  return context.traces?.ofIncident(asText(params.incident_id)) ?? context.traces?.ofRoom(asInteger(params.source_id));
}

/** ACKs of processors and of the orchestrator, with the gap of a switch where there was one. */
export function ackDocument(input: MessageInput<'ack' | 'orchestrator_ack'>): SinkDocument {
  const { payload } = input;
  const timeMs = asTime(payload.timestamp);
  const status = asText(payload.ack_status);
  const command = asText(payload.command) ?? 'unknown';
  const result = asRecord(payload.result);
  return makeDocument(
    {
      id: idOfMessage(input, timeMs !== undefined),
      stream: 'events',
      priority: 'normal',
      timeMs,
      ecs: {
        event: { kind: 'event', action: 'command_ack', outcome: outcomeOf(status), original: originalText(payload) },
        message: asText(payload.message) ?? `command ${command}: ${status ?? 'unknown'}`,
        log: { level: status === 'error' ? 'error' : 'info' },
        service: { name: 'vigilia', node: { name: asText(payload.instance_id) } },
        trace: { id: asText(payload.trace_id) },
        error: {
          code: asText(asRecord(payload.error)?.code),
          message: status === 'error' ? asText(payload.message) : undefined,
        },
      },
      own: {
        ...roomFields(payload),
        command: {
          name: command,
          id: asText(payload.command_id),
          ack_status: status,
          changed: asBoolean(result?.changed),
          duration_ms: asNumber(result?.duration_ms),
        },
        gap: gapFields(asRecord(result?.gap_ms)),
        topic: input.topic,
      },
    },
    input.context,
  );
}

function outcomeOf(status: string | undefined): string | undefined {
  if (status === 'completed') return 'success';
  return status === 'error' ? 'failure' : undefined;
}

/** How long rooms were without a result over a switch: the worst of them, and how many had none within the limit (`null`). */
function gapFields(gaps: Json | undefined): Json | undefined {
  if (gaps === undefined || Object.keys(gaps).length === 0) return undefined;
  const known = Object.values(gaps)
    .map(asNumber)
    .filter((gap) => gap !== undefined);
  const missing = Object.values(gaps).filter((gap) => gap === null).length;
  return { rooms: Object.keys(gaps).length, missing, max_ms: known.length === 0 ? undefined : Math.max(...known) };
}

/** Statuses of processors and of the orchestrator (retained; the last will reports offline). */
export function statusDocument(input: MessageInput<'status' | 'orchestrator_status'>): SinkDocument {
  const { payload } = input;
  const timeMs = asTime(payload.timestamp);
  const status = asText(payload.status) ?? 'unknown';
  const isProcessor = input.parsed.kind === 'status';
  return makeDocument(
    {
      id: idOfMessage(input, timeMs !== undefined),
      stream: 'service',
      priority: 'normal',
      timeMs,
      ecs: {
        event: {
          kind: 'state',
          action: isProcessor ? 'processor_status' : 'orchestrator_status',
          original: originalText(payload),
        },
        message: `${asText(payload.instance_id) ?? 'unknown'} is ${status}`,
        log: { level: status === 'error' ? 'error' : 'info' },
        service: {
          name: isProcessor ? 'processor' : 'orchestrator',
          node: { name: asText(payload.instance_id) },
          state: status,
        },
        trace: { id: input.context.traces?.ofIncident(asText(payload.incident_id)) },
        error: { code: asText(asRecord(payload.last_error)?.code) },
      },
      own: {
        ...roomFields(payload),
        role: asText(payload.role),
        status,
        health: asText(payload.health),
        uptime_seconds: asNumber(payload.uptime_seconds),
        open_incidents: asInteger(payload.open_incidents),
        ...watchedRooms(payload.streams),
        topic: input.topic,
      },
    },
    input.context,
  );
}

function watchedRooms(streams: unknown): Json {
  const list = Array.isArray(streams) ? streams.map(asRecord) : [];
  const numbers = (of: readonly (Json | undefined)[]) =>
    of.map((stream) => asInteger(stream?.source_id)).filter((room) => room !== undefined);
  return { rooms: numbers(list), blind_rooms: numbers(list.filter((stream) => stream?.state === 'blind')) };
}
