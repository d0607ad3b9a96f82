import { createTakeoverDetector } from './takeover.ts';

describe('whether another client uses our id', () => {
  test('the reason code says so at once, and other codes never', () => {
    expect(createTakeoverDetector().dropped(60_000, 0x8e)).toBe(true);
    const detector = createTakeoverDetector();
    expect([detector.dropped(10, 0x8b), detector.dropped(10, 0x8b)]).toEqual([false, false]);
  });

  test('two drops within five seconds of connecting', () => {
    const detector = createTakeoverDetector();
    expect([detector.dropped(60_000), detector.dropped(4999), detector.dropped(10)]).toEqual([false, false, true]);
  });

  test('not when a longer connection lay between', () => {
    const detector = createTakeoverDetector();
    expect([detector.dropped(10), detector.dropped(5000), detector.dropped(10)]).toEqual([false, false, false]);
  });

  test('not when the broker refused an attempt between: it restarts', () => {
    const detector = createTakeoverDetector();
    expect(detector.dropped(10)).toBe(false);
    detector.failed();
    expect(detector.dropped(10)).toBe(false);
  });
});
