import { createTopics } from '@vigilia/protocol';
import { encodeDocument } from '../../apps/event-sink/dist/documents/document.js';
import { messageDocuments, readMessage } from '../../apps/event-sink/dist/documents/message-documents.js';

const topics = createTopics();
const context = { receivedAtMs: Date.UTC(2026, 2, 1, 12), namespace: 'bench', localHour: () => 12 };

/** The n-th event as it comes in, and as the sink makes a document of it. */
export function eventMessage(n) {
  const payload = {
    event_id: `bench-${n}`,
    event: 'room_taken',
    source_id: n % 8,
    instance_id: 'processor-a',
    timestamp: new Date(context.receivedAtMs + n).toISOString(),
    severity: 'info',
    trace_id: `trace-${n % 1000}`,
    room_name: `Room ${n % 8}`,
    from: 'processor-a',
    to: 'processor-a_1',
  };
  return { topic: topics.event(payload.event), payload: Buffer.from(JSON.stringify(payload)), retain: false };
}

export function eventDocument(n) {
  const message = eventMessage(n);
  const [document] = messageDocuments(message, readMessage(message, topics.roots), context);
  return document;
}

/** Appends documents `from` to `to` of normal priority, many at a time. */
export async function fillSpool(spool, from, to) {
  for (let at = from; at < to; at += 1000) {
    const count = Math.min(1000, to - at);
    await Promise.all(
      Array.from({ length: count }, (_, k) => spool.append('normal', encodeDocument(eventDocument(at + k)))),
    );
  }
}
