import {
  type AnyMessage,
  decodeMessage,
  fallReportSchema,
  parseTopic,
  rescueFallReport,
  type TopicRoots,
} from '@vigilia/protocol';
import type { RejectedMessage } from '@vigilia/service';
import { asRecord, type Json } from '../schema/json-fields.ts';
import { ackDocument, commandDocument, statusDocument } from './control-documents.ts';
import { detectionDocument } from './detection-document.ts';
import type { SinkDocument } from './document.ts';
import { type DocumentContext, makeDocument, originalText } from './ecs.ts';
import { eventDocument } from './event-document.ts';
import { messageDocumentId } from './ids.ts';
import { incidentDocuments } from './incident-document.ts';
import type { MessageInput } from './message-input.ts';
import { metricsDocuments } from './metrics-documents.ts';
import { type SinkTopic, sinkTopic } from './sink-topic.ts';
import { roomDocument, settingDocument } from './state-documents.ts';

export interface ReceivedMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly retain: boolean;
}

/** A message as far as it could be read. */
export type Reading =
  | { readonly kind: 'ignored' }
  | { readonly kind: 'unreadable'; readonly code: string; readonly why: string }
  | { readonly kind: 'read'; readonly parsed: SinkTopic; readonly text: string; readonly payload: Json };

/** Returns a valid message as it is recorded; a cleared retained message is not recorded. */
export function readAccepted(message: AnyMessage, text: string): Reading {
  const parsed = sinkTopic(message.channel, message.places as Readonly<Record<string, string | number>>);
  const payload = asRecord(message.value);
  return parsed === undefined || payload === undefined ? { kind: 'ignored' } : { kind: 'read', parsed, text, payload };
}

/**
 * Returns what can be recorded of a rejected message. A fall that another sensor reported in its own form is an event all the same;
 * retained messages where none belong are ignored.
 */
export function readRejected(
  rejected: Pick<RejectedMessage, 'channel' | 'places' | 'reason' | 'message' | 'body'>,
  text: string,
): Reading {
  const { channel, places, reason, message, body } = rejected;
  if (reason === 'retained' || reason === 'empty') return { kind: 'ignored' };
  const parsed = sinkTopic(channel, places);
  if (parsed === undefined) return { kind: 'ignored' };
  if (parsed.kind === 'event' && parsed.type === 'fall_detected') {
    const report = fallReportSchema.safeParse(body).data ?? rescueFallReport(text);
    if (report !== undefined) return { kind: 'read', parsed, text, payload: { ...report } };
  }
  return { kind: 'unreadable', code: reason, why: message };
}

/** Reads a message that did not come through a subscription. */
export function readMessage(raw: ReceivedMessage, roots: TopicRoots): Reading {
  const topic = parseTopic(raw.topic, roots);
  if (topic === undefined) {
    const ours = raw.topic.startsWith(`${roots.prefix}/`);
    return ours
      ? { kind: 'unreadable', code: 'topic_unknown', why: 'The topic is not in the table of channels.' }
      : { kind: 'ignored' };
  }
  const text = raw.payload.toString('utf8');
  const decoded = decodeMessage(topic.channel, topic.places, raw);
  const channel = topic.channel.name;
  if (!decoded.ok) return readRejected({ ...decoded.rejection, channel, places: topic.places }, text);
  return readAccepted({ channel, places: decoded.places, value: decoded.value } as AnyMessage, text);
}

/**
 * Returns the documents of one MQTT message. A message under our prefix that cannot be read becomes a document of its own (`message_unreadable`):
 * nothing is lost silently and nothing throws.
 */
export function messageDocuments(message: ReceivedMessage, reading: Reading, context: DocumentContext): SinkDocument[] {
  if (reading.kind === 'ignored') return [];
  if (reading.kind === 'unreadable') return [unreadable(message, reading, context)];
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

function unreadable(
  message: ReceivedMessage,
  { code, why }: Extract<Reading, { kind: 'unreadable' }>,
  context: DocumentContext,
): SinkDocument {
  const minute = message.retain ? undefined : Math.floor(context.receivedAtMs / 60_000);
  const text = message.payload.toString('utf8');
  return makeDocument(
    {
      id: messageDocumentId(message.topic, text, minute),
      stream: 'service',
      priority: 'normal',
      timeMs: undefined,
      ecs: {
        event: { kind: 'pipeline_error', action: 'message_unreadable', original: originalText(text) },
        message: `${why} (${message.topic.slice(0, 256)})`,
        log: { level: 'warn' },
        service: { name: 'vigilia' },
        error: { code, message: why },
      },
      own: { topic: message.topic.slice(0, 1024) },
    },
    context,
  );
}
