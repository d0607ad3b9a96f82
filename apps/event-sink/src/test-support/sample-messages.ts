import { createTopics } from '@vigilia/protocol';
import {
  makeAck,
  makeDetections,
  makeEvent,
  makeIncident,
  makeMetrics,
  makePerson,
  makeRoomMetrics,
  makeRoomState,
  makeStatus,
  makeStream,
} from '@vigilia/simulated-site';
import type { ReceivedMessage } from '../documents/message-documents.ts';

const topics = createTopics();
const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 3, 14, second)).toISOString();
const sender = (second: number, instanceId = 'processor-a') => ({ instanceId, bootId: 'b1', at: at(second) });

/** One message of each kind, as the services send them. */
export const sampleMessages: Readonly<Record<string, readonly [topic: string, payload: unknown]>> = {
  detections: [
    topics.detections(2),
    makeDetections(sender(2), 2, {
      frame_id: 7,
      model_id: 'movenet',
      inference_time_ms: 88.5,
      detections: [
        makePerson({
          confidence: 0.81,
          bbox: { x: 10, y: 20, width: 30, height: 40 },
          tracker_id: 4,
          posture: 'low',
          keypoints: [{ x: 1, y: 2, visibility: 1 }],
        }),
        { class_name: 'chair', confidence: 0.5, bbox: { x: 1, y: 2, width: 3, height: 4 } },
      ],
    }),
  ],
  fall: [
    topics.event('fall_detected'),
    makeEvent(sender(40), 'fall_detected', 2, {
      event_id: 'fall-2-77',
      trace_id: 'trace-1',
      room_name: 'Room 2',
      detected_at: at(18),
      alarm_at: at(40),
      track_id: 4,
      bbox: { x: 10, y: 20, width: 30, height: 10 },
      model_id: 'movenet',
      evidence: { seconds_low: 22, abrupt: true },
    }),
  ],
  bareFall: [topics.event('fall_detected'), { room_id: 3 }],
  roomBlind: [
    topics.event('room_blind'),
    makeEvent(sender(5, 'processor-b'), 'room_blind', 5, {
      event_id: 'blind-1',
      severity: 'warning',
      trace_id: 't',
      reason: 'no_frames',
    }),
  ],
  incident: [
    topics.incident('inc-1'),
    makeIncident(
      { home: 'processor-a', sourceId: 2, at: at(41) },
      {
        incident_id: 'inc-1',
        state: 'closed',
        outcome: 'helped',
        by: [{ who: 'Ana', what: 'acknowledge', at: at(50) }],
        dedicated: 'processor-a_1',
        steps: {
          opened: at(41),
          dedicated_started: at(43),
          room_released: at(47),
          acknowledged: at(50),
          closed: at(58),
        },
        durations_ms: { dedicated_started: 2000 },
        overrides: [{ instance_id: 'processor-a', source_id: 1, field: 'max_fps', before: 0.1, set: 0.05 }],
        attempts: { spawn: 1 },
        event_ids: ['fall-2-77'],
        detected_at: at(18),
        updated_at: at(58),
        acknowledged_at: at(50),
        closed_at: at(58),
        trace_id: 'trace-1',
      },
    ),
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
    makeAck(
      sender(42),
      { command: 'set_fps', command_id: 'c-1' },
      { result: { changed: true, duration_ms: 12, gap_ms: { 1: 300, 3: null } }, trace_id: 'trace-1' },
    ),
  ],
  failedAck: [
    topics.ack('processor-b'),
    makeAck(
      sender(43, 'processor-b'),
      { command: 'change_model', command_id: 'c-2' },
      { ack_status: 'error', message: 'No model', error: { code: 'model_not_found', field: 'model_id' } },
    ),
  ],
  status: [
    topics.status('processor-a'),
    makeStatus(sender(1), {
      health: 'ok',
      uptime_seconds: 12.5,
      streams: [makeStream(1), makeStream(2, { state: 'blind' })],
    }),
  ],
  will: [topics.status('processor-b'), makeStatus(sender(1, 'processor-b'), { status: 'offline' })],
  metrics: [
    topics.metrics('processor-a'),
    makeMetrics(sender(10), {
      uptime_seconds: 22,
      rooms: [
        makeRoomMetrics(1, { offered: 10, analysed: 9, skipped: 1, blind_seconds: { frozen: 2, unreachable: 3 } }),
      ],
      inference_time_ms: 90,
      memory_mb: 210,
      cpu_percent: 33,
    }),
  ],
  room: [
    topics.room(2),
    makeRoomState(sender(0), 2, {
      fall: { state: 'alarm', event_id: 'fall-2-77', trace_id: 'trace-1', memory: { keypoints: [1] } },
    }),
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
    makeAck(sender(51, 'orchestrator'), { command: 'acknowledge', command_id: 'oc-1' }),
  ],
  unreadable: [topics.event('fall_detected'), '{"source_id": '],
};

export function received([topic, payload]: readonly [string, unknown], retain = false): ReceivedMessage {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return { topic, payload: Buffer.from(text), retain };
}
