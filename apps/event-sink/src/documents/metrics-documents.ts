import { asInteger, asNumber, asRecord, asText, asTime, type Json } from '../schema/json-fields.ts';
import type { SinkDocument } from './document.ts';
import { type DocumentParts, makeDocument } from './ecs.ts';
import { idOfMessage, type MessageInput } from './message-input.ts';

/** Light and full reports: one document for the processor, one for each of its rooms. Counters are totals since the processor's start. */
export function metricsDocuments(input: MessageInput<'metrics' | 'metrics_report'>): SinkDocument[] {
  const { payload, context, parsed } = input;
  const timeMs = asTime(payload.timestamp);
  const id = idOfMessage(input, timeMs !== undefined);
  const instanceId = asText(payload.instance_id) ?? parsed.instanceId;
  const common = { stream: 'metrics', priority: 'bulk', timeMs } as const;
  const service = { name: 'processor', node: { name: instanceId } };
  const rooms = Array.isArray(payload.rooms) ? payload.rooms.map(asRecord).filter((room) => room !== undefined) : [];
  const processor: DocumentParts = {
    ...common,
    id,
    ecs: { event: { kind: 'metric', action: 'processor_metrics' }, service },
    own: {
      instance_id: instanceId,
      boot_id: asText(payload.boot_id),
      processor: processorFields(payload, rooms.length),
    },
  };
  const perRoom = rooms.map(
    (room, index): DocumentParts => ({
      ...common,
      id: `${id}-${index}`,
      ecs: { event: { kind: 'metric', action: 'room_metrics' }, service },
      own: {
        instance_id: instanceId,
        boot_id: asText(payload.boot_id),
        source_id: asInteger(room.source_id),
        room: roomMetricFields(room),
      },
    }),
  );
  return [processor, ...perRoom].map((parts) => makeDocument(parts, context));
}

function processorFields(payload: Json, rooms: number): Json {
  const models = Array.isArray(payload.models)
    ? payload.models.map(asRecord).filter((model) => model !== undefined)
    : undefined;
  const sum = (field: string) => models?.reduce((total, model) => total + (asNumber(model[field]) ?? 0), 0);
  return {
    uptime_seconds: asNumber(payload.uptime_seconds),
    inference_time_ms: asNumber(payload.inference_time_ms),
    memory_mb: asNumber(payload.memory_mb),
    cpu_percent: asNumber(payload.cpu_percent),
    rooms,
    model_restarts: sum('restarts'),
    frames_lost: sum('lost'),
  };
}

function roomMetricFields(room: Json): Json {
  const blind = asRecord(room.blind_seconds);
  const byCause = Object.values(blind ?? {})
    .map(asNumber)
    .filter((seconds) => seconds !== undefined);
  return {
    fps: asNumber(room.fps),
    offered: asNumber(room.offered),
    analysed: asNumber(room.analysed),
    skipped: asNumber(room.skipped),
    people: asNumber(room.people),
    unwatched_seconds: asNumber(room.unwatched_seconds),
    blind_seconds: blind === undefined ? undefined : byCause.reduce((total, seconds) => total + seconds, 0),
  };
}
