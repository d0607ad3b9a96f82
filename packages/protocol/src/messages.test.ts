import { eventSchema } from './events.ts';
import { policyJsonSchema, policyRooms, policySchema } from './policy.ts';
import { streamAddress } from './stream-address.ts';

describe('policy', () => {
  test('an empty policy is valid and complete', () => {
    expect(policySchema.parse({})).toMatchObject({
      quiet: { max_fps: 0.1 },
      incident: { max_fps: 1 },
      relief: { max_fps: 0.05, scope: 'home' },
      limits: { max_dedicated: 2 },
      trigger: 'fall_detected',
    });
  });
  test('rooms are listed in the order of their numbers', () => {
    expect(policyRooms(policySchema.parse({ rooms: { 10: { home: 'a' }, 2: { home: 'a' } } }))).toEqual([2, 10]);
  });
  test('the schema for editors describes what people write: nothing is required', () => {
    expect(policyJsonSchema()).toMatchObject({ type: 'object', properties: { rooms: {}, timings: {} } });
    expect(policyJsonSchema()).not.toHaveProperty('required');
    expect(policyJsonSchema()).toMatchObject({
      additionalProperties: false,
      properties: { limits: { additionalProperties: false } },
    });
  });
});

test('events keep the fields that we do not know', () => {
  const event = {
    event_id: 'e',
    event: 'room_blind',
    instance_id: 'a',
    timestamp: '2026-01-02T03:04:05.678Z',
    severity: 'warning',
    trace_id: 't',
    cause: 'silent',
  };
  expect(eventSchema.parse(event)).toEqual(event);
});

test.each([
  ['rtsp://go2rtc-server', 'rtsp://go2rtc-server/8'],
  ['rtsp://go2rtc:8554/', 'rtsp://go2rtc:8554/8'],
  ['file:///media/{source_id}.mp4', 'file:///media/8.mp4'],
])('room 8 of %s is %s', (server, address) => {
  expect(streamAddress(server, 8)).toBe(address);
});
