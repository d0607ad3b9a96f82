import type { DetectionPayload, DetectionsMessage } from '@vigilia/protocol';
import type { InferenceResult } from '../model/inference-result.ts';
import type { Frame } from '../stream/frame.ts';
import { round } from './detection-payload.ts';

export interface DetectionsFacts {
  readonly instanceId: string;
  readonly bootId: string;
  readonly frameId: number;
  readonly frame: Frame;
  readonly modelId: string;
  readonly result: InferenceResult;
  /** From the frame to the publication, ms. */
  readonly latencyMs: number;
  readonly fps: number;
  readonly detections: readonly DetectionPayload[];
}

/** The payload of `nvr/detections/{source_id}` for one analysed frame. */
export function detectionsMessage(facts: DetectionsFacts): DetectionsMessage {
  const { frame } = facts;
  return {
    instance_id: facts.instanceId,
    boot_id: facts.bootId,
    source_id: frame.sourceId,
    frame_id: facts.frameId,
    timestamp: new Date(frame.wallMs).toISOString(),
    model_id: facts.modelId,
    inference_time_ms: round(facts.result.inferenceMs, 1),
    latency_ms: round(facts.latencyMs, 1),
    fps: round(facts.fps, 3),
    image: { width: frame.displayed.width, height: frame.displayed.height },
    detections: [...facts.detections],
  };
}
