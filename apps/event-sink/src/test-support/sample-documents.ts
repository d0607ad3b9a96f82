import { createTopics } from '@vigilia/protocol';
import type { SinkDocument } from '../documents/document.ts';
import { localHourIn } from '../documents/ecs.ts';
import { logDocument } from '../documents/log-document.ts';
import { messageDocuments, readMessage } from '../documents/message-documents.ts';
import { sinkDocument } from '../documents/sink-document.ts';
import { TraceRegistry } from '../documents/trace-registry.ts';
import { RoomMinutes } from '../rollup/room-minutes.ts';
import { received, sampleMessages } from './sample-messages.ts';

const NOON = Date.UTC(2026, 2, 1, 12);
const context = {
  receivedAtMs: NOON,
  namespace: 'test',
  localHour: localHourIn('UTC'),
  traces: new TraceRegistry(),
};

/** One document of each kind that the sink writes, named for tests. */
export function sampleDocuments(): (SinkDocument & { readonly name: string })[] {
  const named = (name: string, documents: readonly SinkDocument[]) =>
    documents.map((document, n) => ({ ...document, name: `${name} ${n}` }));
  const messages = Object.entries(sampleMessages).flatMap(([name, message]) => {
    const one = received(message);
    return named(name, messageDocuments(one, readMessage(one, createTopics().roots), context));
  });
  return [...messages, ...named('log line', logs()), ...named('sink', [sinkState()]), ...named('minute', minutes())];
}

function logs(): SinkDocument[] {
  const line = {
    level: 'ERROR',
    timestamp: '2026-03-01T03:14:00.000Z',
    logger: 'vigilia.processor',
    component: 'commands',
    event: 'change_model_failed',
    message: 'CHANGE_MODEL failed',
    instance_id: 'processor-a',
    command: 'change_model',
    command_id: 'c-2',
    duration_ms: 5,
    source_id: 2,
    old_model_id: 'a',
    new_model_id: 'b',
    trace_id: 't',
    error: { code: 'model_not_found', message: 'No model' },
  };
  return [
    logDocument(
      { text: JSON.stringify(line), origin: { kind: 'container', name: 'c', id: 'i' }, place: ['1'] },
      context,
    ),
    logDocument({ text: 'no JSON', origin: { kind: 'file', name: '/x.log', id: '1' }, place: ['0'] }, context),
  ];
}

function sinkState(): SinkDocument {
  const counts = { spool_bytes: 1, spool_used_percent: 0, pending_records: 0, dead_letters: 0, dropped_records: 0 };
  return sinkDocument({ instanceId: 's', bootId: 'b', sequence: 1, state: { ...counts, lag_seconds: 0.5 } }, context);
}

function minutes(): SinkDocument[] {
  const rooms = new RoomMinutes('b');
  const at = (ms: number) => ({ wallMs: NOON + ms, monotonicMs: ms });
  const seen = { instance_id: 'a', fps: 1, inference_time_ms: 9, detections: [] };
  rooms.observe({ kind: 'detections', sourceId: 2 }, seen, at(0));
  rooms.tick(at(1000), context);
  return rooms.tick(at(61_000), context);
}
