import {
  ackSchema,
  commandEnvelopeSchema,
  desiredRoomsSchema,
  detectionsSchema,
  eventSchema,
  incidentSchema,
  metricsSchema,
  orchestratorStatusSchema,
  type ParsedTopic,
  parseTopic,
  roomStateSchema,
  statusSchema,
} from '@vigilia/protocol';
import type { z } from 'zod';
import type { HouseMessage } from './house.ts';

/**
 * An MQTT message as the house understands it; undefined for topics that do not matter here and for payloads that do not
 * fit the protocol. An empty payload of a retained topic means that the thing is gone.
 */
export function readMessage(prefix: string, topic: string, payload: string): HouseMessage | undefined {
  const parsed = parseTopic(prefix, topic);
  if (parsed === undefined) return undefined;
  return payload === '' ? cleared(parsed) : readBody(parsed, parseJson(payload));
}

function cleared(topic: ParsedTopic): HouseMessage | undefined {
  switch (topic.kind) {
    case 'status':
      return { kind: 'status', instanceId: topic.instanceId, status: undefined };
    case 'metrics':
      return { kind: 'metrics', instanceId: topic.instanceId, metrics: undefined };
    case 'room':
      return { kind: 'room', sourceId: topic.sourceId, room: undefined };
    case 'incident':
      return { kind: 'incident', incidentId: topic.incidentId, incident: undefined };
    case 'orchestrator_rooms':
      return { kind: 'desired', desired: undefined };
    case 'orchestrator_status':
      return { kind: 'orchestrator', orchestrator: undefined };
    default:
      return undefined;
  }
}

function readBody(topic: ParsedTopic, body: unknown): HouseMessage | undefined {
  switch (topic.kind) {
    case 'status':
      return read(statusSchema, body, (status) => ({ kind: 'status', instanceId: topic.instanceId, status }));
    case 'metrics':
      return read(metricsSchema, body, (metrics) => ({ kind: 'metrics', instanceId: topic.instanceId, metrics }));
    case 'detections':
      return read(detectionsSchema, body, (detections) => ({ kind: 'detections', detections }));
    case 'room':
      return read(roomStateSchema, body, (room) => ({ kind: 'room', sourceId: topic.sourceId, room }));
    case 'incident':
      return read(incidentSchema, body, (incident) => ({ kind: 'incident', incidentId: topic.incidentId, incident }));
    case 'event':
      return read(eventSchema, body, (event) => ({ kind: 'event', event }));
    case 'orchestrator_rooms':
      return read(desiredRoomsSchema, body, (desired) => ({ kind: 'desired', desired }));
    case 'orchestrator_status':
      return read(orchestratorStatusSchema, body, (orchestrator) => ({ kind: 'orchestrator', orchestrator }));
    default:
      return readCommand(topic.kind, body);
  }
}

function readCommand(kind: ParsedTopic['kind'], body: unknown): HouseMessage | undefined {
  switch (kind) {
    case 'commands':
      return read(commandEnvelopeSchema, body, (command) => ({ kind: 'command', to: 'processors', command }));
    case 'orchestrator_commands':
      return read(commandEnvelopeSchema, body, (command) => ({ kind: 'command', to: 'orchestrator', command }));
    case 'ack_shared':
      return read(ackSchema, body, (ack) => ({ kind: 'ack', to: 'processors', ack }));
    case 'orchestrator_ack':
      return read(ackSchema, body, (ack) => ({ kind: 'ack', to: 'orchestrator', ack }));
    default:
      return undefined;
  }
}

function read<S extends z.ZodType>(
  schema: S,
  body: unknown,
  make: (value: z.infer<S>) => HouseMessage,
): HouseMessage | undefined {
  const result = schema.safeParse(body);
  return result.success ? make(result.data) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
