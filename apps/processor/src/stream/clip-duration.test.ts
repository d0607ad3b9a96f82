import { parseDuration } from './clip-duration.ts';

test('reads the length from the output of ffmpeg', () => {
  expect(parseDuration('  Duration: 01:02:35.04, start: 0.000000, bitrate: 161 kb/s')).toBeCloseTo(3755.04);
  expect(parseDuration('  Duration: N/A, start: 0.000000')).toBeUndefined();
});
