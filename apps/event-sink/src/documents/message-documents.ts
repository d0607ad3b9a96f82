import { type ParsedTopic, parseTopic } from '@vigilia/protocol';
import { ackDocument, commandDocument, statusDocument } from './control-documents.ts';
import { detectionDocument } from './detection-document.ts';
import type { SinkDocument } from './document.ts';
import { type DocumentContext, makeDocument, originalText } from './ecs.ts';
import { eventDocument } from './event-document.ts';
import { asRecord, type Json } from './fields.ts';
import { messageId } from './ids.ts';
import { incidentDocuments } from './incident-document.ts';
import type { MessageInput } from './message-input.ts';
import { metricsDocuments } from './metrics-documents.ts';
import { roomDocument, settingDocument } from './state-documents.ts';

export interface ReceivedMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly retain: boolean;
}

/** A message as far as it could be read. */
export type Reading =
  | { readonly kind: 'ignored' }
  | { readonly kind: 'unreadable'; readonly code: 'topic_unknown' | 'payload_unreadable' | 'mapping_failed' }
  | { readonly kind: 'read'; readonly parsed: ParsedTopic; readonly text: string; readonly payload: Json };

/** Ignored are shared copies (status, ACK), markers, other people's topics and empty payloads (a retained topic being cleared). */
export function readMessage(message: ReceivedMessage, prefix: string): Reading {
  if (message.payload.length === 0 || !message.topic.startsWith(`${prefix}/`)) return { kind: 'ignored' };
  const parsed = parseTopic(prefix, message.topic);
  if (parsed === undefined) return { kind: 'unreadable', code: 'topic_unknown' };
  if (parsed.kind === 'status_shared' || parsed.kind === 'ack_shared' || parsed.kind === 'orchestrator_marker')
    return { kind: 'ignored' };
  const text = message.payload.toString('utf8');
  const payload = parseObject(text);
  return payload === undefined
    ? { kind: 'unreadable', code: 'payload_unreadable' }
    : { kind: 'read', parsed, text, payload };
}

/**
 * The documents of one MQTT message. What is under our prefix but cannot be read becomes a document that says so: nothing is lost silently
 * and nothing throws.
 */
export function messageDocuments(message: ReceivedMessage, reading: Reading, context: DocumentContext): SinkDocument[] {
  if (reading.kind === 'ignored') return [];
  if (reading.kind === 'unreadable')
    return [unreadable(message, message.payload.toString('utf8'), reading.code, context)];
  const { parsed, text, payload } = reading;
  return documentsOf({
    topic: message.topic,
    parsed,
    retained: message.retain,
    text,
    payload,
    context,
  } as MessageInput);
}

function documentsOf(input: MessageInput): SinkDocument[] {
  switch (input.parsed.kind) {
    case 'event':
      return [eventDocument(input as MessageInput<'event'>)];
    case 'detections':
      return [detectionDocument(input as MessageInput<'detections'>)];
    case 'incident':
      return incidentDocuments(input as MessageInput<'incident'>);
    case 'room':
      return [roomDocument(input as MessageInput<'room'>)];
    case 'metrics':
    case 'metrics_report':
      return metricsDocuments(input as MessageInput<'metrics' | 'metrics_report'>);
    case 'status':
    case 'orchestrator_status':
      return [statusDocument(input as MessageInput<'status' | 'orchestrator_status'>)];
    case 'ack':
    case 'orchestrator_ack':
      return [ackDocument(input as MessageInput<'ack' | 'orchestrator_ack'>)];
    case 'commands':
    case 'orchestrator_commands':
      return [commandDocument(input as MessageInput<'commands' | 'orchestrator_commands'>)];
    case 'orchestrator_rooms':
    case 'orchestrator_policy':
      return [settingDocument(input as MessageInput<'orchestrator_rooms' | 'orchestrator_policy'>)];
    default:
      return [];
  }
}

function parseObject(text: string): Json | undefined {
  try {
    return asRecord(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const UNREADABLE = {
  topic_unknown: 'The topic is none of ours',
  payload_unreadable: 'The payload is not a JSON object',
  mapping_failed: 'The payload broke its mapping',
} as const;

function unreadable(
  message: ReceivedMessage,
  text: string,
  code: keyof typeof UNREADABLE,
  context: DocumentContext,
): SinkDocument {
  const minute = message.retain ? undefined : Math.floor(context.receivedAtMs / 60_000);
  const why = UNREADABLE[code];
  return makeDocument(
    {
      id: messageId(message.topic, text, minute),
      stream: 'service',
      priority: 'normal',
      timeMs: undefined,
      ecs: {
        event: { kind: 'pipeline_error', action: 'message_unreadable', original: originalText(text) },
        message: `${why}: ${message.topic.slice(0, 256)}`,
        log: { level: 'warn' },
        service: { name: 'vigilia' },
        error: { code, message: why },
      },
      own: { topic: message.topic.slice(0, 1024) },
    },
    context,
  );
}
