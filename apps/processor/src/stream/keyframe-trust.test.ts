import { KeyframeTrust } from './keyframe-trust.ts';

const minuteMs = 60_000;

test('a camera whose keyframes fail again and again is given up for ten minutes, and then for twice as long each time', () => {
  const trust = new KeyframeTrust();
  expect([trust.failed(0), trust.failed(0)]).toEqual([undefined, undefined]);
  expect(trust.isLost(0)).toBe(false);
  expect(trust.failed(0)).toBe(10 * minuteMs);
  expect([trust.isLost(9 * minuteMs), trust.isLost(10 * minuteMs)]).toEqual([true, false]);
  expect(trust.failed(10 * minuteMs)).toBe(20 * minuteMs);
  const later = Array.from({ length: 20 }, () => trust.failed(0));
  expect(later.at(-1)).toBe(24 * 60 * minuteMs);
});

test('a camera that fails at every second keyframe is given up, one that fails now and then is not', () => {
  const outcome = (successesBetween: number): boolean => {
    const trust = new KeyframeTrust();
    for (let round = 0; round < 100; round++) {
      if (trust.failed(0) !== undefined) return true;
      for (let success = 0; success < successesBetween; success++) {
        trust.worked();
      }
    }
    return false;
  };
  expect([1, 5].map(outcome)).toEqual([true, false]);
});
