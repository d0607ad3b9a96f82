import type { RoomEffect } from '@vigilia/vision';
import { judge } from './judge.ts';
import type { Told } from './simulate.ts';

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
  ...{ fallId: '1', trackId: 1, atMs: at * 1000, lowAtMs: lowAt * 1000, evidence },
  box: { x1: 0, y1: 0, x2: 1, y2: 1 },
});
const told = (at: number, effect: RoomEffect): Told => ({ at, effect });
const alarm = (at: number, lowAt: number) =>
  told(at, { kind: 'detected', severity: 'critical', alarmAtMs: at * 1000, ...about(at, lowAt) });
const suspicion = (at: number, lowAt: number) => told(at, { kind: 'suspected', ...about(at, lowAt) });
const recovery = (at: number, lowAt: number) => told(at, { kind: 'recovered', ...about(at, lowAt) });
const burst = (at: number) => told(at, { kind: 'burst', fps: 2, seconds: 15, lateSeconds: 5, reason: 'low' });
const fall = { kind: 'fall', fall_start_s: 10, on_floor_from_s: 11 } as const;

test('an alarm of what is low since the fall began finds it; the delay counts from the floor', () => {
  expect(judge(fall, [suspicion(16, 11), alarm(31, 11)])).toEqual({
    ...{ found: true, lowBefore: false, delaySeconds: 20, falseAlarms: 0, suspicions: 0, reason: undefined },
  });
});

test('GMDCSA24 tells no time on the floor: a second after the beginning', () => {
  expect(judge({ kind: 'fall', fall_start_s: 10 }, [alarm(31, 11)]).delaySeconds).toBe(20);
});

test('an alarm after the fall whose timer ran since before it finds the fall, and is told apart', () => {
  const verdict = judge(fall, [suspicion(6, 0), alarm(20, 0)]);
  expect(verdict).toMatchObject({ found: true, lowBefore: true, delaySeconds: 9, falseAlarms: 0, suspicions: 1 });
});

test('an alarm before the fall is false, and finds nothing', () => {
  expect(judge(fall, [suspicion(6, 0), alarm(9, 0)])).toMatchObject({
    ...{ found: false, delaySeconds: undefined, falseAlarms: 1, suspicions: 1 },
    reason: expect.stringMatching(/^only an alarm before the fall: alarm at 9 s .*low since 0 s$/),
  });
});

test('a second alarm is false, though the first was right', () => {
  expect(judge(fall, [alarm(31, 11), alarm(60, 40)])).toMatchObject({
    ...{ found: true, falseAlarms: 1 },
    reason: expect.stringContaining('alarm at 60 s by rule seen_fall (abrupt), low in 8 of 9, low since 40 s'),
  });
});

test.each(['adl', 'fall_to_bed', 'fall_recovered'] as const)('every alarm in a clip of kind %s is false', (kind) => {
  const verdict = judge({ ...fall, kind }, [suspicion(16, 11), alarm(31, 11)]);
  expect(verdict).toMatchObject({ found: false, falseAlarms: 1, suspicions: 1 });
});

test('a fall without times: any alarm within the clip, and no delay', () => {
  const without = { kind: 'fall' } as const;
  expect(judge(without, [alarm(5, -3)])).toMatchObject({ found: true, delaySeconds: undefined });
  expect(judge(without, [alarm(-5, -25)])).toMatchObject({ found: false, falseAlarms: 1 });
});

test.each([
  ['never seen low', []],
  ['seen low at least once, not often enough to be suspected', [burst(12)]],
  ['suspected, the alarm did not become due', [burst(12), suspicion(16, 12)]],
  ['suspected, then taken for recovered', [burst(12), suspicion(16, 12), recovery(20, 12)]],
])('a miss says how far it came: %s', (reason, all) =>
  expect(judge(fall, all)).toMatchObject({ found: false, reason }),
);
