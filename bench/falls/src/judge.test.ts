import type { RoomEffect } from '@vigilia/vision';
import { judge } from './judge.ts';
import type { TimedEffect } from './simulate.ts';

const evidence = {
  abrupt: true,
  seconds_low: 20,
  observations_seen: 9,
  observations_low: 8,
  observations_lying: 8,
  observations_missed: 1,
  confidence: 0.4,
  rule: 'seen_fall' as const,
};
const about = (at: number, lowAt: number) => ({
  fallId: '1',
  trackId: 1,
  atMs: at * 1000,
  lowAtMs: lowAt * 1000,
  evidence,
  box: { x1: 0, y1: 0, x2: 1, y2: 1 },
  place: { x1: 0, y1: 0, x2: 1, y2: 1 },
});
const told = (at: number, effect: RoomEffect): TimedEffect => ({ at, effect });
const alarm = (at: number, lowAt: number) =>
  told(at, { kind: 'detected', severity: 'critical', alarmAtMs: at * 1000, ...about(at, lowAt) });
const suspicion = (at: number, lowAt: number) => told(at, { kind: 'suspected', ...about(at, lowAt) });
const recovery = (at: number, lowAt: number) => told(at, { kind: 'recovered', ...about(at, lowAt) });
const burst = (at: number) => told(at, { kind: 'burst', fps: 2, seconds: 15, lateSeconds: 5, reason: 'low' });
const fall = { kind: 'fall', fall_start_s: 10, on_floor_from_s: 11 } as const;

const judged = (all: readonly TimedEffect[], clip: Parameters<typeof judge>[0] = fall) => judge(clip, all, 1);

test('an alarm about a body that has been low since the fall began finds it; the delay counts from the floor', () => {
  expect(judged([suspicion(16, 11), alarm(31, 11)])).toEqual({
    found: true,
    delaySeconds: 20,
    falseAlarms: 0,
    earlyClaims: 0,
    suspicions: 0,
    reason: undefined,
  });
});

test('without a labelled time on the floor (GMDCSA24) the delay counts from one second after the beginning of the fall', () => {
  expect(judged([alarm(31, 11)], { kind: 'fall', fall_start_s: 10 }).delaySeconds).toBe(20);
});

test('an alarm after the fall whose timer ran since before it is luck: it is a false alarm and finds nothing', () => {
  expect(judged([suspicion(6, 0), alarm(20, 0)])).toMatchObject({
    found: false,
    falseAlarms: 1,
    earlyClaims: 1,
    suspicions: 1,
    delaySeconds: undefined,
    reason: 'only a false alarm: alarm at 20 s, claims the floor since 0 s',
  });
});

test('at a low rate an alarm may claim a beginning of the fall as early as the frame before it', () => {
  expect(judge(fall, [alarm(40, 0)], 0.1).found).toBe(true);
  expect(judge(fall, [alarm(40, -3)], 0.1).found).toBe(false);
});

test('an alarm before the fall is false, and finds nothing', () => {
  expect(judged([suspicion(6, 0), alarm(9, 0)])).toMatchObject({
    found: false,
    delaySeconds: undefined,
    falseAlarms: 1,
    earlyClaims: 0,
    reason: 'only a false alarm: alarm at 9 s, claims the floor since 0 s',
  });
});

test('a second alarm is false, though the first was right', () => {
  expect(judged([alarm(31, 11), alarm(60, 40)])).toMatchObject({
    found: true,
    falseAlarms: 1,
    reason: 'alarm at 60 s, claims the floor since 40 s',
  });
});

test.each(['adl', 'fall_to_bed', 'fall_recovered'] as const)('every alarm in a clip of kind %s is false', (kind) => {
  const verdict = judged([suspicion(16, 11), alarm(31, 11)], { kind, fall_start_s: 10, on_floor_from_s: 11 });
  expect(verdict).toMatchObject({ found: false, falseAlarms: 1, suspicions: 1 });
});

test('a fall without times is found by any alarm within the clip, and has no delay', () => {
  const without = { kind: 'fall' } as const;
  expect(judged([alarm(5, -3)], without)).toMatchObject({ found: true, delaySeconds: undefined });
  expect(judged([alarm(-5, -25)], without)).toMatchObject({ found: false, falseAlarms: 1 });
});

test.each([
  ['never seen low', []],
  ['seen low at least once, not often enough to be suspected', [burst(12)]],
  ['suspected, the alarm did not become due', [burst(12), suspicion(16, 12)]],
  ['suspected, then taken for recovered', [burst(12), suspicion(16, 12), recovery(20, 12)]],
])('the report names how far a missed fall came: %s', (reason, all) =>
  expect(judged(all)).toMatchObject({ found: false, reason }),
);
