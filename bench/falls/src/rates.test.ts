import { phasesOf, reportedRates } from './rates.ts';

test.each(reportedRates)('at %d fps the phases start at different frames of the grid', (fps) => {
  const starts = phasesOf(fps).map((phase) => Math.round((phase / fps) * 10));
  expect(new Set(starts).size).toBe(starts.length);
});

test('at one frame in ten seconds a clip is watched from eight starting points', () => {
  expect(phasesOf(0.1)).toEqual([0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875]);
  expect(phasesOf(5)).toEqual([0, 0.5]);
});
