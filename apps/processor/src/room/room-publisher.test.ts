import {
  createTopics,
  type DetectionsMessage,
  eventSchema,
  type RoomState,
  type VigiliaEvent,
} from '@vigilia/protocol';
import { createIdentity } from '../publish/identity.ts';
import { channelBus, FakeBus } from '../test-support/fake-bus.ts';
import { RoomPublisher } from './room-publisher.ts';

const topics = createTopics();
const room = (state: RoomState['fall']['state'], sourceId = 2): RoomState => ({
  source_id: sourceId,
  watcher: 'a',
  since: '2026-01-01T00:00:00.000Z',
  fall: { state, event_id: 'fall-1' },
});
const event = (name: VigiliaEvent['event']): VigiliaEvent => ({
  event_id: 'fall-1',
  event: name,
  source_id: 2,
  instance_id: 'a',
  trace_id: 't',
  timestamp: '2026-01-01T00:00:00.000Z',
  severity: 'critical',
});

function house() {
  const bus = new FakeBus();
  const identity = createIdentity({ instanceId: 'a', role: 'home' });
  const publisher = new RoomPublisher({ bus: channelBus(bus), identity });
  const announced = (): string[] => {
    bus.published.length = 0;
    publisher.announce();
    return bus.published.map((message) => message.topic);
  };
  return { bus, identity, publisher, announced };
}

it('detections are the proof that a room is watched: QoS 0, not retained, under the present name', () => {
  const { bus, identity, publisher } = house();
  identity.rename('b');
  const message: DetectionsMessage = {
    instance_id: 'a',
    boot_id: 'boot',
    source_id: 2,
    frame_id: 1,
    timestamp: '2026-01-01T00:00:00.000Z',
    model_id: 'm',
    inference_time_ms: 1,
    latency_ms: 1,
    fps: 1,
    detections: [],
  };
  publisher.detections(message);
  expect(bus.published).toMatchObject([
    { topic: topics.detections(2), body: { source_id: 2, instance_id: 'b' }, options: { qos: 0, retain: false } },
  ]);
});

it('what travels with a room is retained, with its watcher', () => {
  const { bus, publisher } = house();
  publisher.room(room('none'));
  expect(bus.published[0]).toMatchObject({ topic: topics.room(2), options: { retain: true }, body: { watcher: 'a' } });
});

it('an active fall is announced again on every connection, with the same event_id', () => {
  const { bus, publisher, announced } = house();
  publisher.room(room('alarm'));
  publisher.event(event('fall_detected'));
  expect(announced()).toEqual([topics.room(2), topics.event('fall_detected')]);
  expect(bus.published[1]?.body).toMatchObject({ event_id: 'fall-1' });
  expect(announced()).toHaveLength(2);
});

it('a fall that the watcher before alarmed is announced too, unless a person has dealt with it', () => {
  const taken = house();
  const state = room('alarm');
  taken.publisher.room({ ...state, fall: { ...state.fall, low_since: '2026-01-01T00:00:00.000Z', trace_id: 't' } });
  expect(taken.announced()).toEqual([topics.room(2), topics.event('fall_detected')]);
  const event = eventSchema.parse(taken.bus.published[1]?.body);
  expect(event).toMatchObject({ event_id: 'fall-1', trace_id: 't', detected_at: '2026-01-01T00:00:00.000Z' });
  const quiet = house();
  quiet.publisher.room({ ...state, fall: { ...state.fall, quiet: true } });
  expect(quiet.announced()).toEqual([topics.room(2)]);
});

it.each([
  ['the resident recovered', (publisher: RoomPublisher) => publisher.event(event('fall_recovered')), 1],
  ['its state is over', (publisher: RoomPublisher) => publisher.room(room('none')), 1],
  ['another processor has the room', (publisher: RoomPublisher) => publisher.forget([2]), 0],
])('not any more when %s', (_, happen, messages) => {
  const { publisher, announced } = house();
  publisher.room(room('alarm'));
  publisher.event(event('fall_detected'));
  happen(publisher);
  expect(announced()).toHaveLength(messages);
});

it('an event repeats what ffmpeg printed, without the password of the camera', () => {
  const { bus, publisher } = house();
  publisher.event({ ...event('room_blind'), detail: 'rtsp://nurse:a#S3CRET@cam/1: Connection refused' });
  expect(bus.published[0]?.body).toMatchObject({ detail: 'rtsp://***@cam/1: Connection refused' });
});
