import { createTopics } from '@vigilia/protocol';
import type { ReceivedMessage } from '../documents/message-documents.ts';

const topics = createTopics();
const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 3, 14, second)).toISOString();
const status = { instance_id: 'processor-a', client_id: 'processor-a', boot_id: 'b1', role: 'home', timestamp: at(1) };

/** One message of each kind, as the services send them. */
export const sampleMessages: Readonly<Record<string, readonly [topic: string, payload: unknown]>> = {
  detections: [
    topics.detections(2),
    {
      instance_id: 'processor-a',
      boot_id: 'b1',
      source_id: 2,
      frame_id: 7,
      timestamp: at(2),
      model_id: 'movenet',
      inference_time_ms: 88.5,
      latency_ms: 120,
      fps: 0.1,
      detections: [
        {
          class_name: 'person',
          confidence: 0.81,
          bbox: { x: 10, y: 20, width: 30, height: 40 },
          tracker_id: 4,
          posture: 'low',
          keypoints: [{ x: 1, y: 2, visibility: 1 }],
        },
        { class_name: 'chair', confidence: 0.5, bbox: { x: 1, y: 2, width: 3, height: 4 } },
      ],
    },
  ],
  fall: [
    topics.event('fall_detected'),
    {
      event_id: 'fall-2-77',
      event: 'fall_detected',
      source_id: 2,
      instance_id: 'processor-a',
      timestamp: at(40),
      severity: 'critical',
      trace_id: 'trace-1',
      room_name: 'Room 2',
      detected_at: at(18),
      alarm_at: at(40),
      track_id: 4,
      bbox: { x: 10, y: 20, width: 30, height: 10 },
      model_id: 'movenet',
      evidence: { seconds_low: 22, abrupt: true },
    },
  ],
  bareFall: [topics.event('fall_detected'), { room_id: 3 }],
  roomBlind: [
    topics.event('room_blind'),
    {
      event_id: 'blind-1',
      event: 'room_blind',
      source_id: 5,
      instance_id: 'processor-b',
      timestamp: at(5),
      severity: 'warning',
      trace_id: 't',
      reason: 'no_frames',
    },
  ],
  incident: [
    topics.incident('inc-1'),
    {
      incident_id: 'inc-1',
      source_id: 2,
      state: 'closed',
      outcome: 'helped',
      drill: false,
      degraded: false,
      by: [{ who: 'Ana', what: 'acknowledge', at: at(50) }],
      home: 'processor-a',
      dedicated: 'processor-a_1',
      watched_by: 'processor-a',
      steps: { opened: at(41), dedicated_started: at(43), room_released: at(47), acknowledged: at(50), closed: at(58) },
      durations_ms: { dedicated_started: 2000 },
      overrides: [{ instance_id: 'processor-a', source_id: 1, field: 'max_fps', before: 0.1, set: 0.05 }],
      attempts: { spawn: 1 },
      event_ids: ['fall-2-77'],
      detected_at: at(18),
      opened_at: at(41),
      updated_at: at(58),
      acknowledged_at: at(50),
      closed_at: at(58),
      trace_id: 'trace-1',
    },
  ],
  command: [
    topics.commands,
    {
      command: 'set_fps',
      params: { max_fps: 0.05, source_id: 1 },
      target_instances: ['processor-a'],
      command_id: 'c-1',
      trace_id: 'trace-1',
    },
  ],
  bareCommand: [topics.commands, { command: 'restart' }],
  ack: [
    topics.ack('processor-a'),
    {
      instance_id: 'processor-a',
      client_id: 'processor-a',
      command: 'set_fps',
      command_id: 'c-1',
      ack_status: 'completed',
      timestamp: at(42),
      result: { changed: true, duration_ms: 12, gap_ms: { 1: 300, 3: null } },
      trace_id: 'trace-1',
    },
  ],
  failedAck: [
    topics.ack('processor-b'),
    {
      instance_id: 'processor-b',
      client_id: 'processor-b',
      command: 'change_model',
      command_id: 'c-2',
      ack_status: 'error',
      timestamp: at(43),
      message: 'No model',
      error: { code: 'model_not_found', field: 'model_id' },
    },
  ],
  status: [
    topics.status('processor-a'),
    {
      ...status,
      status: 'running',
      health: 'ok',
      uptime_seconds: 12.5,
      streams: [
        {
          source_id: 1,
          uri: 'rtsp://***@cam/1',
          model_id: 'm',
          max_fps: 0.1,
          confidence: 0.3,
          tracking: true,
          decode: 'auto',
          state: 'watching',
          zones_configured: true,
        },
        {
          source_id: 2,
          uri: 'rtsp://***@cam/2',
          model_id: 'm',
          max_fps: 0.1,
          confidence: 0.3,
          tracking: true,
          decode: 'auto',
          state: 'blind',
          zones_configured: true,
        },
      ],
    },
  ],
  will: [topics.status('processor-b'), { ...status, instance_id: 'processor-b', status: 'offline' }],
  metrics: [
    topics.metrics('processor-a'),
    {
      instance_id: 'processor-a',
      boot_id: 'b1',
      timestamp: at(10),
      uptime_seconds: 22,
      rooms: [
        {
          source_id: 1,
          fps: 0.1,
          offered: 10,
          analysed: 9,
          skipped: 1,
          blind_seconds: { frozen: 2, unreachable: 3 },
          unwatched_seconds: 0,
          people: 1,
        },
      ],
      inference_time_ms: 90,
      memory_mb: 210,
      cpu_percent: 33,
    },
  ],
  room: [
    topics.room(2),
    {
      source_id: 2,
      watcher: 'processor-a',
      since: at(0),
      fall: { state: 'alarm', event_id: 'fall-2-77', trace_id: 'trace-1', memory: { keypoints: [1] } },
    },
  ],
  desiredRooms: [
    topics.orchestratorRooms,
    { rooms: { 2: { home: 'processor-a', max_fps: 0.1, name: 'Room 2' } }, updated_at: at(0), revision: 1 },
  ],
  orchestratorStatus: [
    topics.orchestratorStatus,
    { instance_id: 'orchestrator', boot_id: 'o1', status: 'acting', timestamp: at(3), open_incidents: 1 },
  ],
  orchestratorCommand: [
    topics.orchestratorCommands,
    { command: 'acknowledge', params: { source_id: 2, by: 'Ana' }, command_id: 'oc-1' },
  ],
  orchestratorAck: [
    topics.orchestratorAck,
    {
      instance_id: 'orchestrator',
      client_id: 'orchestrator',
      command: 'acknowledge',
      command_id: 'oc-1',
      ack_status: 'completed',
      timestamp: at(51),
    },
  ],
  unreadable: [topics.event('fall_detected'), '{"source_id": '],
};

export function received([topic, payload]: readonly [string, unknown], retain = false): ReceivedMessage {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return { topic, payload: Buffer.from(text), retain };
}
