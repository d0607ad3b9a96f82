import type { Detection } from '@vigilia/vision';
import type { ClipDetector } from './clip-detector.ts';
import { fitPersonScore } from './fit-person-score.ts';
import { personSamples } from './person-samples.ts';

const person = { x1: 100, y1: 100, x2: 200, y2: 300 };

const found = (x1: number, confidence: number, visibility: number): Detection => ({
  classId: 0,
  className: 'person',
  confidence,
  box: { x1, y1: 100, x2: x1 + 100, y2: 300 },
  keypoints: Array.from({ length: 17 }, () => ({ x: 0, y: 0, visibility })),
});

function detectorOf(detections: readonly Detection[]): ClipDetector {
  return {
    width: 640,
    height: 480,
    seconds: 1,
    inferences: 0,
    watch: () => ({ at: async () => [...detections] }),
    again: async () => ({ cached: [], fresh: [] }),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

test('what lies on a marked person is a person, what lies elsewhere is a thing, and what is between them teaches nothing', async () => {
  const detector = detectorOf([found(110, 0.9, 0.8), found(400, 0.4, 0.1), found(170, 0.5, 0.5)]);
  const samples = await personSamples(detector, () => [person]);
  expect(samples.map((sample) => [sample.detection.confidence, sample.person])).toEqual([
    [0.9, true],
    [0.4, false],
    [0.9, true],
    [0.4, false],
  ]);
});

test('moments at which the people were not marked are left out, because a person would count as a thing', async () => {
  const samples = await personSamples(detectorOf([found(110, 0.9, 0.8)]), (second) =>
    second === 0 ? [person] : undefined,
  );
  expect(samples).toHaveLength(1);
});

test('where things score as high as people, the fitted score believes the joints', () => {
  const samples = [0.3, 0.4, 0.5, 0.6].flatMap((confidence) => [
    { detection: found(0, confidence, 0.6), person: true },
    { detection: found(0, confidence, 0.05), person: false },
  ]);
  const weights = fitPersonScore(samples);
  expect(weights.visibility).toBeGreaterThan(1);
  expect(Math.abs(weights.confidence)).toBeLessThan(0.5);
});
