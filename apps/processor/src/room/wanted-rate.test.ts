import { sameResult, wantedRate } from './wanted-rate.ts';

const burst = { fps: 2, seconds: 15, lateSeconds: 5 };

test.each([
  ['an empty room', { maxFps: 0.1, burst: undefined, people: 0 }, { intervalMs: 10_000, claim: 'quiet' }],
  ['a room with people', { maxFps: 0.1, burst: undefined, people: 1 }, { intervalMs: 10_000, claim: 'people' }],
  ['a burst', { maxFps: 0.1, burst, people: 1 }, { intervalMs: 500, claim: 'burst' }],
  ['a burst never slows a room down', { maxFps: 5, burst, people: 0 }, { intervalMs: 200, claim: 'burst' }],
])('%s', (_, room, rate) => {
  expect(wantedRate(room)).toEqual(rate);
});

test('the rate changes no result; equal zones from another message are the same zones', () => {
  const settings = { maxFps: 1, confidence: 0.25, tracking: true, zones: [] };
  expect(sameResult(settings, { ...settings, maxFps: 5, zones: [] })).toBe(true);
  expect(sameResult(settings, { ...settings, zones: undefined })).toBe(false);
  expect(sameResult(settings, { ...settings, confidence: 0.5 })).toBe(false);
});
