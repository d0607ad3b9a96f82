import { asInteger, asNumber, asRecord, asText, asTime, type Json } from '../schema/json-fields.ts';
import type { SinkDocument } from './document.ts';
import { makeDocument } from './ecs.ts';
import { detectionId } from './ids.ts';
import { idOfMessage, type MessageInput } from './message-input.ts';

/**
 * `nvr/detections/{source_id}`: one analysed frame. Boxes and postures are stored but not indexed; keypoints are not stored at all (what a
 * fall needs of them is in its evidence).
 */
export function detectionDocument(input: MessageInput<'detections'>): SinkDocument {
  const { payload, parsed } = input;
  const timeMs = asTime(payload.timestamp);
  const detections = Array.isArray(payload.detections)
    ? payload.detections.map(asRecord).filter((one) => one !== undefined)
    : [];
  const people = detections.filter((one) => one.class_name === 'person');
  return makeDocument(
    {
      id: frameId(payload, parsed.sourceId) ?? idOfMessage(input, timeMs !== undefined),
      stream: 'detections',
      priority: 'bulk',
      timeMs,
      ecs: {
        event: { kind: 'metric', action: 'frame_analysed' },
        service: { name: 'vigilia', node: { name: asText(payload.instance_id) } },
        trace: { id: input.context.traces?.ofRoom(parsed.sourceId) },
      },
      own: {
        source_id: parsed.sourceId,
        instance_id: asText(payload.instance_id),
        boot_id: asText(payload.boot_id),
        frame_id: asInteger(payload.frame_id),
        model_id: asText(payload.model_id),
        inference_time_ms: asNumber(payload.inference_time_ms),
        latency_ms: asNumber(payload.latency_ms),
        fps: asNumber(payload.fps),
        people: people.length,
        objects: detections.length,
        max_confidence: maxConfidence(people),
        classes: [...new Set(detections.map((one) => asText(one.class_name)).filter((name) => name !== undefined))],
        postures: [...new Set(people.map((one) => asText(one.posture)).filter((posture) => posture !== undefined))],
        detections: detections.map(({ keypoints: _, ...kept }) => kept),
      },
    },
    input.context,
  );
}

function frameId(payload: Json, sourceId: number): string | undefined {
  const instanceId = asText(payload.instance_id);
  const bootId = asText(payload.boot_id);
  const frame = asInteger(payload.frame_id);
  if (instanceId === undefined || bootId === undefined || frame === undefined) return undefined;
  return detectionId({ instanceId, bootId, sourceId, frameId: frame });
}

function maxConfidence(people: readonly Json[]): number | undefined {
  const all = people.map((one) => asNumber(one.confidence)).filter((confidence) => confidence !== undefined);
  return all.length === 0 ? undefined : Math.max(...all);
}
