import { UnwatchedMeter, unwatchedAfterMs } from './unwatched.ts';

function watched(fps: number) {
  const meter = new UnwatchedMeter();
  meter.expect(2, fps, 0);
  meter.rate('a', 2, fps);
  meter.seen(2, 0);
  return meter;
}

test('a room at 0.1 fps is unwatched after 16 s', () => {
  expect(unwatchedAfterMs(10_000)).toBe(16_000);
  const meter = watched(0.1);
  expect(meter.unwatchedMs(2, 16_000)).toBe(0);
  expect(meter.unwatchedMs(2, 17_500)).toBe(1500);
});

test('the longest excess stays after the room is seen again', () => {
  const meter = watched(1);
  meter.seen(2, 5000);
  meter.seen(2, 6000);
  expect(meter.unwatchedMs(2, 6000)).toBe(0);
  expect(meter.report(6000)).toEqual({ '2': 2500 });
});

test('the slowest rate since the last message counts, also when it was raised in between', () => {
  const meter = watched(0.1);
  meter.rate('a', 2, 1);
  expect(meter.unwatchedMs(2, 16_000)).toBe(0);
  meter.seen(2, 10_000);
  expect(meter.unwatchedMs(2, 13_000)).toBe(500);
});

test('a watcher that let go no longer sets the measure', () => {
  const meter = watched(0.1);
  meter.rate('b', 2, 1);
  meter.rate('a', 2, undefined);
  meter.seen(2, 1000);
  expect(meter.unwatchedMs(2, 4500)).toBe(1000);
});

test('a room that is never seen counts from the moment it was expected', () => {
  const meter = new UnwatchedMeter();
  meter.expect(3, 1, 1000);
  expect(meter.longestMs(3, 4500)).toBe(1000);
  meter.forget(3);
  expect(meter.report(9000)).toEqual({});
});
