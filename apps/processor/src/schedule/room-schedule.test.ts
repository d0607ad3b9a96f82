import { analysableFromMs, changeRate, joinSchedule, type Offer, served } from './room-schedule.ts';

const quiet = { intervalMs: 10_000, claim: 'quiet' } as const;
const offer = (frameMs: number, frameIntervalMs?: number): Offer => ({
  frameMs,
  waitingSinceMs: frameMs,
  frameIntervalMs,
});

test('a room is due at once when it joins, then on its beat', () => {
  const room = joinSchedule(5000, quiet);
  expect(analysableFromMs(room, offer(5000))).toBe(5000);
  const later = served(room, offer(5000), 5200);
  expect(later.dueMs).toBe(15_000);
  expect(served(later, offer(15_000), 16_000).dueMs).toBe(25_000);
});

test('a beat that was lost begins anew, and what was missed is counted', () => {
  const room = served(joinSchedule(0, quiet), offer(0), 0);
  const late = served(room, offer(10_000), 35_000);
  expect(late).toMatchObject({ dueMs: 45_000, skipped: 2 });
});

test('a camera that gave no frame costs the room no skipped analysis', () => {
  const room = served(joinSchedule(0, quiet), offer(0), 0);
  expect(served(room, offer(60_000), 60_010).skipped).toBe(0);
});

test('sparse frames: the one nearest to the due time is taken as it comes, instead of growing old', () => {
  const room = { ...joinSchedule(0, quiet), dueMs: 10_000 };
  expect(analysableFromMs(room, offer(5000, 2000))).toBe(10_000);
  expect(analysableFromMs(room, offer(8900, 2000))).toBe(8900);
  // one is expected at 9,900 and may be a little late: it is worth waiting for
  expect(analysableFromMs(room, offer(7900, 2000))).toBe(10_400);
  expect(analysableFromMs(room, offer(10_100, 2000))).toBeLessThanOrEqual(10_100);
});

test('frames as rare as they are wanted are all taken, however they fall on the beat', () => {
  let room = joinSchedule(0, { intervalMs: 2000, claim: 'quiet' });
  for (let at = 0; at < 200_000; at += 1980) {
    expect(analysableFromMs(room, offer(at, 1980))).toBeLessThanOrEqual(at);
    room = served(room, offer(at, 1980), at);
  }
  expect(room.skipped).toBe(0);
});

test('a faster rate counts from the last analysis: the room does not wait out its old interval', () => {
  const room = served(joinSchedule(0, quiet), offer(0), 0);
  expect(changeRate(room, { intervalMs: 1000, claim: 'quiet' }).dueMs).toBe(1000);
  expect(changeRate(room, { intervalMs: 10_000, claim: 'people' }).dueMs).toBe(room.dueMs);
});
