import {
  ackSchema,
  detectionsSchema,
  eventSchema,
  incidentSchema,
  metricsSchema,
  roomStateSchema,
  statusSchema,
} from '@vigilia/protocol';
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
} from './messages.ts';

const sender = { instanceId: 'processor-a', bootId: 'boot-1', at: '2026-03-01T03:14:00.000Z' };

test.each([
  ['status', statusSchema, makeStatus(sender, { streams: [makeStream(2)] })],
  ['detections', detectionsSchema, makeDetections(sender, 2, { detections: [makePerson()] })],
  ['state of a room', roomStateSchema, makeRoomState(sender, 2)],
  ['event', eventSchema, makeEvent(sender, 'fall_detected', 2)],
  ['answer', ackSchema, makeAck(sender, { command: 'restart', command_id: 'c-1' })],
  ['metrics', metricsSchema, makeMetrics(sender, { rooms: [makeRoomMetrics(2)] })],
  ['incident', incidentSchema, makeIncident({ home: 'processor-a', sourceId: 2, at: sender.at })],
])(
  'the protocol accepts a made %s as it is, so that no test feeds a service what no service publishes',
  (_, schema, made) => {
    expect(schema.parse(made)).toEqual(made);
  },
);
