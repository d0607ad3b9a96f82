import { asIsoTime, asRecord, asText, asTime } from '../schema/json-fields.ts';
import type { SinkDocument } from './document.ts';
import { makeDocument, originalText } from './ecs.ts';
import { roomFields } from './event-document.ts';
import { idOfMessage, type MessageInput } from './message-input.ts';

/** `nvr/rooms/{source_id}`: who watches a room since when, and what its fall machine remembers. */
export function roomDocument(input: MessageInput<'room'>): SinkDocument {
  const { payload, parsed } = input;
  const fall = asRecord(payload.fall);
  const watcher = asText(payload.watcher);
  return makeDocument(
    {
      // a room that returns to an earlier state sends the same payload again: that is a new fact
      id: idOfMessage(input, false),
      stream: 'events',
      priority: 'normal',
      timeMs: input.retained ? asTime(payload.since) : undefined,
      ecs: {
        event: {
          kind: 'state',
          action: 'room_state',
          original: originalText({ ...payload, fall: withoutMemory(fall) }),
        },
        message: `room ${parsed.sourceId} is watched by ${watcher ?? 'no processor'}`,
        log: { level: 'info' },
        service: { name: 'vigilia', node: { name: watcher } },
        trace: { id: asText(fall?.trace_id) },
      },
      own: {
        ...roomFields(payload),
        source_id: parsed.sourceId,
        watcher,
        since: asIsoTime(payload.since),
        blind_since: asIsoTime(payload.blind_since),
        fall_state: asText(fall?.state),
        fall_event_id: asText(fall?.event_id),
        topic: input.topic,
      },
    },
    input.context,
  );
}

function withoutMemory(fall: Readonly<Record<string, unknown>> | undefined): unknown {
  if (fall === undefined) return undefined;
  const { memory: _, ...kept } = fall;
  return kept;
}

/** The orchestrator's desired state and policy, retained: kept whole as text, found by time. */
export function settingDocument(input: MessageInput<'orchestrator_rooms' | 'orchestrator_policy'>): SinkDocument {
  const { payload, parsed } = input;
  const timeMs = asTime(payload.updated_at);
  const action = parsed.kind === 'orchestrator_rooms' ? 'desired_rooms' : 'policy';
  return makeDocument(
    {
      id: idOfMessage(input, timeMs !== undefined),
      stream: 'events',
      priority: 'normal',
      timeMs,
      ecs: {
        event: { kind: 'state', action, original: originalText(payload) },
        message: action === 'policy' ? 'the policy was set' : 'the desired state of the rooms changed',
        log: { level: 'info' },
        service: { name: 'orchestrator' },
      },
      own: { topic: input.topic },
    },
    input.context,
  );
}
