import { FrameDemand } from './frame-demand.ts';

/** Times of the keyframes that are decoded, of those that come every `keyframeMs`, ms. */
function decoded(keyframeMs: number, untilMs: number, demand: FrameDemand): number[] {
  const times: number[] = [];
  for (let at = 0; at <= untilMs; at += keyframeMs) {
    if (!demand.due(at, keyframeMs)) continue;
    demand.served(at);
    times.push(at);
  }
  return times;
}

function wanting(intervalMs: number): FrameDemand {
  const demand = new FrameDemand();
  demand.setInterval(intervalMs);
  return demand;
}

test('a room that is analysed every ten seconds has one keyframe of five decoded', () => {
  expect(decoded(2000, 40_000, wanting(10_000))).toEqual([0, 10_000, 20_000, 30_000, 40_000]);
});

test('the mean rate is kept where the interval is not a multiple of that between keyframes', () => {
  const times = decoded(4000, 400_000, wanting(10_000));
  expect(times).toHaveLength(41);
  expect(times.slice(0, 4)).toEqual([0, 12_000, 20_000, 32_000]);
});

test('a room whose rate is not known has each keyframe decoded', () => {
  expect(decoded(1000, 3000, new FrameDemand())).toEqual([0, 1000, 2000, 3000]);
});

test('a room that is analysed once in two minutes is looked at every ten seconds, so that a frozen camera is noticed', () => {
  expect(decoded(2000, 20_000, wanting(120_000))).toEqual([0, 10_000, 20_000]);
});

test('a higher rate counts from the last frame on', () => {
  const demand = wanting(10_000);
  demand.served(0);
  expect(demand.due(2000, 500)).toBe(false);
  demand.setInterval(1000);
  expect(demand.due(2000, 500)).toBe(true);
});

test('a frame that is wanted now is the next one, and the beat counts from there', () => {
  const demand = wanting(10_000);
  demand.served(0);
  demand.setDueNow();
  expect(demand.due(2000, 500)).toBe(true);
  demand.served(2000);
  expect(demand.due(10_000, 500)).toBe(false);
  expect(demand.due(12_000, 500)).toBe(true);
});

test('after an interruption the beat begins anew instead of being made up for', () => {
  const demand = wanting(10_000);
  demand.served(0);
  demand.served(95_000);
  expect(demand.due(100_000, 1000)).toBe(false);
  expect(demand.due(105_000, 1000)).toBe(true);
});
