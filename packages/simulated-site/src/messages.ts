import type {
  Ack,
  DetectionPayload,
  DetectionsMessage,
  EventType,
  Incident,
  MetricsMessage,
  RoomMetrics,
  RoomState,
  Status,
  StreamStatus,
  VigiliaEvent,
} from '@vigilia/protocol';

/** The sender of a message, and when it sends it. */
export interface Sender {
  readonly instanceId: string;
  readonly bootId: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Returns the status of a home that runs; without streams, as a last will has none. */
export function makeStatus({ instanceId, bootId, at }: Sender, change: Partial<Status> = {}): Status {
  return {
    instance_id: instanceId,
    client_id: instanceId,
    boot_id: bootId,
    role: 'home',
    status: 'running',
    timestamp: at,
    ...change,
  };
}

/** Returns a room that is monitored at 0.1 frames per second, as its processor states it. */
export function makeStream(sourceId: number, change: Partial<StreamStatus> = {}): StreamStatus {
  return {
    source_id: sourceId,
    uri: `rtsp://cameras:8554/${sourceId}`,
    model_id: 'light',
    max_fps: 0.1,
    confidence: 0.3,
    tracking: true,
    decode: 'auto',
    state: 'watching',
    zones_configured: true,
    ...change,
  };
}

/** Returns a person who stands in the middle of a frame of 1280 × 720 pixels. */
export function makePerson(change: Partial<DetectionPayload> = {}): DetectionPayload {
  return {
    class_name: 'person',
    confidence: 0.9,
    bbox: { x: 500, y: 380, width: 120, height: 330 },
    posture: 'up',
    ...change,
  };
}

/** Returns the result of a frame of an empty room. */
export function makeDetections(
  { instanceId, bootId, at }: Sender,
  sourceId: number,
  change: Partial<DetectionsMessage> = {},
): DetectionsMessage {
  return {
    instance_id: instanceId,
    boot_id: bootId,
    source_id: sourceId,
    frame_id: 1,
    timestamp: at,
    model_id: 'light',
    inference_time_ms: 100,
    latency_ms: 120,
    fps: 0.1,
    detections: [],
    ...change,
  };
}

/** Returns the state of a room without a fall. */
export function makeRoomState(
  { instanceId, at }: Pick<Sender, 'instanceId' | 'at'>,
  sourceId: number,
  change: Partial<RoomState> = {},
): RoomState {
  return { source_id: sourceId, watcher: instanceId, since: at, fall: { state: 'none' }, ...change };
}

/** Returns an event of a room. Its id is made of type, room and time, unless one is given. */
export function makeEvent(
  { instanceId, at }: Pick<Sender, 'instanceId' | 'at'>,
  type: EventType,
  sourceId: number,
  change: Partial<VigiliaEvent> = {},
): VigiliaEvent {
  return {
    event_id: `${type}-${sourceId}-${Date.parse(at)}`,
    event: type,
    source_id: sourceId,
    instance_id: instanceId,
    timestamp: at,
    severity: type === 'fall_detected' ? 'critical' : 'info',
    trace_id: `trace-${sourceId}`,
    ...change,
  };
}

/** Returns the final answer to a command that was carried out. */
export function makeAck(
  { instanceId, at }: Pick<Sender, 'instanceId' | 'at'>,
  { command, command_id = 'none' }: { readonly command: string; readonly command_id?: string | undefined },
  change: Partial<Ack> = {},
): Ack {
  return {
    instance_id: instanceId,
    client_id: instanceId,
    command,
    command_id,
    ack_status: 'completed',
    timestamp: at,
    ...change,
  };
}

/** Returns the metrics of a processor without rooms. */
export function makeMetrics({ instanceId, bootId, at }: Sender, change: Partial<MetricsMessage> = {}): MetricsMessage {
  return {
    instance_id: instanceId,
    boot_id: bootId,
    timestamp: at,
    uptime_seconds: 60,
    rooms: [],
    inference_time_ms: 100,
    ...change,
  };
}

/** Returns the numbers of a room in the metrics of its processor. */
export function makeRoomMetrics(sourceId: number, change: Partial<RoomMetrics> = {}): RoomMetrics {
  return {
    source_id: sourceId,
    fps: 0.1,
    offered: 60,
    analysed: 6,
    skipped: 0,
    blind_seconds: {},
    unwatched_seconds: 0,
    people: 1,
    ...change,
  };
}

/** Returns an incident of a room that has just been opened, its inference still at its home. */
export function makeIncident(
  { home, sourceId, at }: { readonly home: string; readonly sourceId: number; readonly at: string },
  change: Partial<Incident> = {},
): Incident {
  return {
    incident_id: `inc-${sourceId}`,
    source_id: sourceId,
    state: 'open',
    drill: false,
    degraded: false,
    by: [],
    home,
    watched_by: home,
    steps: { opened: at },
    durations_ms: {},
    overrides: [],
    attempts: { spawn: 0 },
    event_ids: [],
    opened_at: at,
    updated_at: at,
    trace_id: `inc-${sourceId}`,
    ...change,
  };
}
