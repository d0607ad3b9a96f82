import { ArrivalInterval } from './arrival-interval.ts';

test('one late picture does not change the measure; an interruption is no interval', () => {
  const interval = new ArrivalInterval();
  interval.arrived(0);
  expect(interval.ms).toBeUndefined();
  for (const at of [2000, 4000, 6900, 8000]) interval.arrived(at);
  expect(interval.ms).toBe(2000);
  interval.interrupted();
  interval.arrived(60_000);
  expect(interval.ms).toBe(2000);
});
