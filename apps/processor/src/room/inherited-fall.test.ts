import type { RoomState } from '@vigilia/protocol';
import { FakeClock } from '@vigilia/testing';
import { defaultFallPolicy as policy } from '@vigilia/vision';
import { FakeModel, person, settings } from '../test-support/fake-room.ts';
import { inheritedFall } from './inherited-fall.ts';
import type { RoomEventFields } from './room-events.ts';
import { RoomPeople } from './room-people.ts';

const frameSize = { width: 640, height: 360 };
const upright = person(60, 170);

/** What a monitor reported and left behind after a person had been on the floor for a while. */
function alarmOf(
  low: ReturnType<typeof person>,
  seconds: number,
  zones: typeof settings.zones,
): { alarm: RoomEventFields | undefined; left: RoomState } {
  const people = new RoomPeople({
    sourceId: 2,
    settings: { ...settings, zones },
    policy,
    model: new FakeModel(new FakeClock(), 'light'),
    restored: undefined,
  });
  const events: RoomEventFields[] = [];
  for (let second = 0; second <= 30 + seconds; second++) {
    const detections = [second < 30 ? upright : low];
    events.push(...people.observe({ atMs: second * 1000, detections, frameSize }).events);
  }
  const left = { source_id: 2, watcher: null, since: new Date(0).toISOString(), zones: [], ...people.state() };
  return { alarm: events.find(({ event }) => event === 'fall_detected'), left: JSON.parse(JSON.stringify(left)) };
}

it.each([
  ['critical', person(190, 70, { confidence: 0.4 }), 30, []],
  ['warning', person(190, 70, { confidence: 0.4 }), 60, undefined],
])(
  'the next watcher of the room reports the alarm as it was raised: %s, with all a person needs to judge it',
  (severity, low, seconds, zones) => {
    const { alarm, left } = alarmOf(low, seconds, zones);
    const told = inheritedFall(left, { instanceId: 'heir' });
    expect(alarm).toMatchObject({ severity, model_id: 'light', evidence: { observations_low: expect.any(Number) } });
    const { evidence, ...same }: Partial<RoomEventFields> = alarm ?? {};
    expect(told).toMatchObject({ ...same, source_id: 2, instance_id: 'heir', inherited: true });
    expect(told?.evidence).toMatchObject({ rule: (evidence as { rule: string }).rule, abrupt: true });
  },
);

it('a memory of another version still gives the alarm: the room must not be forgotten', () => {
  const { alarm, left } = alarmOf(person(190, 70, { confidence: 0.4 }), 30, []);
  const old = { ...left, fall: { ...left.fall, memory: { version: 0 } } };
  expect(inheritedFall(old, { instanceId: 'heir' })).toMatchObject({
    event_id: alarm?.event_id,
    severity: 'critical',
    detected_at: alarm?.detected_at,
    alarm_at: alarm?.alarm_at,
  });
});
