import type { FrameSeen } from './observe-room.ts';
import { RecentFrames } from './recent-frames.ts';
import { createRoomVision } from './room-vision.ts';

const vision = createRoomVision({ zones: [] });
const frame = (atMs: number): FrameSeen => ({ atMs, detections: [], width: 640, height: 360 });

function watched(...times: readonly number[]): RecentFrames {
  const recent = new RecentFrames();
  let state = vision.empty();
  for (const atMs of times) {
    recent.add(state, frame(atMs));
    [state] = vision.observe(state, frame(atMs));
  }
  return recent;
}

describe('the frames of the last half minute', () => {
  test('are decided again together with those that were sent between them and those that came meanwhile', () => {
    const recent = watched(0, 10_000, 20_000);
    expect(recent.begin()).toEqual([
      { afterMs: 10_000, untilMs: 20_000 },
      { afterMs: 0, untilMs: 10_000 },
    ]);
    recent.add(vision.empty(), frame(21_000));
    const past = recent.end([frame(5_000), frame(10_050), frame(15_000)]);
    expect(past?.before.atMs).toBeUndefined();
    expect(past?.frames.map(({ atMs }) => atMs)).toEqual([0, 5_000, 10_000, 15_000, 20_000, 21_000]);
  });

  test('begin with the oldest one that is not older, and with what was known before it', () => {
    const recent = watched(0, 10_000, 20_000, 30_000, 45_000);
    expect(recent.begin()).toEqual([
      { afterMs: 30_000, untilMs: 45_000 },
      { afterMs: 20_000, untilMs: 30_000 },
    ]);
    expect(recent.end([frame(40_000)])?.before.atMs).toBe(10_000);
  });

  test('are not decided again where there is nothing between, or after a change', () => {
    expect(watched(0).begin()).toEqual([]);
    const recent = watched(0, 10_000);
    recent.begin();
    recent.forget();
    expect(recent.end([frame(5_000)])).toBeUndefined();
    expect(watched(0, 10_000).end([frame(5_000)])).toBeUndefined();
  });

  test('are asked for once each: a second look-back has the frames of the first', () => {
    const recent = watched(0, 10_000);
    recent.begin();
    recent.end([frame(5_000), frame(9_750)]);
    recent.add(vision.empty(), frame(20_000));
    expect(recent.begin()).toEqual([
      { afterMs: 10_000, untilMs: 20_000 },
      { afterMs: 9_750, untilMs: 10_000 },
    ]);
    expect(recent.end([frame(15_000)])?.frames.map(({ atMs }) => atMs)).toEqual([
      0, 5_000, 9_750, 10_000, 15_000, 20_000,
    ]);
  });

  test('continue where a look-back was cut short, and reach back one frame in a room that is analysed rarely', () => {
    const recent = watched(0, 10_000);
    recent.begin();
    recent.end([frame(250), frame(4_000)]);
    expect(recent.begin()).toEqual([{ afterMs: 4_000, untilMs: 10_000 }]);
    expect(watched(0, 100_000).begin()).toEqual([{ afterMs: 70_000, untilMs: 100_000 }]);
  });

  test('are asked for up to now where something else than a frame asks for them', () => {
    expect(watched(0, 10_000).begin(16_000)).toEqual([
      { afterMs: 10_000, untilMs: 16_000 },
      { afterMs: 0, untilMs: 10_000 },
    ]);
    expect(watched(0).begin(4000)).toEqual([{ afterMs: 0, untilMs: 4000 }]);
    expect(new RecentFrames().begin(4000)).toEqual([]);
    const recent = watched(0);
    recent.begin(100_000);
    expect(recent.end([frame(98_000)])?.frames.map(({ atMs }) => atMs)).toEqual([0, 98_000]);
  });

  test('of the processor that had the room before are asked for, too, though its packets may not be here', () => {
    const [left] = vision.observe(vision.empty(), frame(1000));
    const recent = new RecentFrames();
    recent.add(left, frame(9000));
    expect(recent.begin()).toEqual([{ afterMs: 1000, untilMs: 9000 }]);
    expect(recent.end([frame(8500)])?.frames.map(({ atMs }) => atMs)).toEqual([8500, 9000]);
  });

  test('follow a state of another processor only where all frames since it are known', () => {
    const [other] = vision.observe(vision.empty(), frame(12_000));
    const recent = watched(0, 10_000, 20_000, 21_000);
    expect(recent.since(other)?.frames.map(({ atMs }) => atMs)).toEqual([20_000, 21_000]);
    recent.forget();
    recent.add(vision.observe(vision.empty(), frame(21_000))[0], frame(22_000));
    expect(recent.since(other)).toBeUndefined();
    expect(new RecentFrames().since(other)).toBeUndefined();
  });
});
