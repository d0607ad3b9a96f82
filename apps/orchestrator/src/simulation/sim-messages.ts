import type { Ack, DetectionsMessage, MetricsMessage, RemovedStream, Status, StreamStatus } from '@vigilia/protocol';
import type { SimStream } from './sim-rooms.ts';

/** Who speaks, and when. */
export interface Speaker {
  readonly instanceId: string;
  readonly bootId: string;
  readonly iso: string;
}

export function ackOf(
  who: Speaker,
  about: { command: string; commandId: string; status: Ack['ack_status']; code?: string | undefined },
): Ack {
  const { code } = about;
  return {
    instance_id: who.instanceId,
    client_id: who.instanceId,
    command: about.command,
    command_id: about.commandId,
    ack_status: about.status,
    timestamp: who.iso,
    ...(code === undefined ? {} : { error: { code }, message: code }),
  };
}

export function detectionsOf(
  who: Speaker,
  about: { sourceId: number; frame: number; modelId: string; maxFps: number; posture: 'up' | 'low' },
): DetectionsMessage {
  const bbox = { x: 1, y: 1, width: 1, height: 1 };
  return {
    instance_id: who.instanceId,
    boot_id: who.bootId,
    source_id: about.sourceId,
    frame_id: about.frame,
    timestamp: who.iso,
    model_id: about.modelId,
    inference_time_ms: 100,
    latency_ms: 120,
    fps: about.maxFps,
    detections: [{ class_name: 'person', confidence: 0.9, bbox, posture: about.posture }],
  };
}

export function metricsOf(who: Speaker): MetricsMessage {
  const { instanceId, bootId, iso: timestamp } = who;
  return { instance_id: instanceId, boot_id: bootId, timestamp, uptime_seconds: 1, rooms: [], inference_time_ms: 100 };
}

export function streamOf(about: SimStream & { sourceId: number; sees: boolean }): StreamStatus {
  const { zones } = about;
  return {
    source_id: about.sourceId,
    uri: `sim://${about.sourceId}`,
    model_id: about.modelId,
    max_fps: about.maxFps,
    confidence: 0.25,
    tracking: true,
    decode: 'auto',
    state: about.sees ? 'watching' : 'blind',
    zones_configured: zones !== undefined,
    ...(zones === undefined ? {} : { zones: [...zones] }),
    set_by: about.setBy,
  };
}

export function statusOf(
  who: Speaker,
  about: {
    role: Status['role'];
    incidentId?: string | undefined;
    status: Status['status'];
    streams: StreamStatus[];
    removed: RemovedStream[];
    uptimeMs: number;
  },
): Status {
  const { incidentId } = about;
  return {
    instance_id: who.instanceId,
    client_id: who.instanceId,
    boot_id: who.bootId,
    role: about.role,
    ...(incidentId === undefined ? {} : { incident_id: incidentId }),
    status: about.status,
    timestamp: who.iso,
    streams: about.streams,
    uptime_seconds: about.uptimeMs / 1000,
    removed_streams: about.removed,
  };
}
