import { FrozenDetector } from './frozen-detector.ts';

test('the same picture for long enough is a frozen camera; one other picture and it lives again', () => {
  const detector = new FrozenDetector({ afterMs: 60_000 });
  const [a, b] = [Buffer.from([1, 2]), Buffer.from([1, 3])];
  expect(detector.observe(a, 0)).toBe(false);
  expect(detector.observe(a, 59_999)).toBe(false);
  expect(detector.observe(a, 60_000)).toBe(true);
  expect(detector.observe(b, 60_001)).toBe(false);
  expect(detector.observe(b, 61_000)).toBe(false);
});

test('it compares with what the buffer held then, not with the buffer', () => {
  const detector = new FrozenDetector({ afterMs: 1000 });
  const buffer = Buffer.from([1]);
  detector.observe(buffer, 0);
  buffer[0] = 2;
  expect(detector.observe(buffer, 5000)).toBe(false);
});

test('a camera is never called frozen where the time is 0', () => {
  const detector = new FrozenDetector({ afterMs: 0 });
  detector.observe(Buffer.from([1]), 0);
  expect(detector.observe(Buffer.from([1]), 1e9)).toBe(false);
});
