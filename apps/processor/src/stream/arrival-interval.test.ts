import { ArrivalInterval } from './arrival-interval.ts';

test('one late frame does not change the measure; an interruption does not count as an interval', () => {
  const interval = new ArrivalInterval();
  interval.arrived(0);
  expect(interval.ms).toBeUndefined();
  for (const at of [2000, 4000, 6900, 8000]) {
    interval.arrived(at);
  }
  expect(interval.ms).toBe(2000);
  interval.interrupted();
  interval.arrived(60_000);
  expect(interval.ms).toBe(2000);
});

test('one that was decoded after the next ones came does not change the measure', () => {
  const interval = new ArrivalInterval();
  for (const at of [2000, 4000, 0, 6000, 8000]) {
    interval.arrived(at);
  }
  expect(interval.ms).toBe(2000);
});

test('key frames that come in pairs are as far apart as the pairs', () => {
  const interval = new ArrivalInterval();
  for (let pair = 0; pair < 6; pair++) {
    interval.arrived(pair * 2000);
    interval.arrived(pair * 2000 + 5);
    if (pair > 0) {
      expect(interval.ms).toBeGreaterThan(1900);
    }
  }
});

test('one that was lost, or came late, does not show', () => {
  const interval = new ArrivalInterval();
  for (const at of [0, 2000, 4000, 6000, 8000, 12_000]) {
    interval.arrived(at);
  }
  expect(interval.ms).toBe(2000);
});
