import { type Detection, personProbability } from '@vigilia/vision';
import type { ClipDetector } from './clip-detector.ts';
import { fitCalibration } from './fit-calibration.ts';
import { type SampledFrame, sampleFrames } from './person-samples.ts';

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
    watch: () => ({ at: async () => ({ detections, mirrored: false }) }),
    again: async () => ({ cached: [], fresh: [] }),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

test('what lies on a marked person is a person, what lies elsewhere is a thing, and what is between them teaches nothing', async () => {
  const detector = detectorOf([found(110, 0.9, 0.8), found(400, 0.4, 0.1), found(170, 0.5, 0.5)]);
  const [first, ...others] = await sampleFrames(detector, () => [person]);
  expect(first?.people).toBe(1);
  expect(first?.samples.map((sample) => [sample.detection.confidence, sample.person])).toEqual([
    [0.9, true],
    [0.4, false],
  ]);
  expect(others).toHaveLength(1);
});

test('moments at which the people were not marked are left out, because a person would count as a thing', async () => {
  const truth = (second: number) => (second === 0 ? [person] : undefined);
  expect(await sampleFrames(detectorOf([found(110, 0.9, 0.8)]), truth)).toHaveLength(1);
});

/** Frames with a person and frames of an empty room whose furniture scores as high. */
function frames(visibility: { readonly person: number; readonly thing: number }): SampledFrame[] {
  return Array.from({ length: 40 }, (_, index) => 0.3 + index / 100).flatMap((confidence) => [
    { people: 1, samples: [{ detection: found(0, confidence, visibility.person), person: true }] },
    { people: 0, samples: [{ detection: found(0, confidence, visibility.thing), person: false }] },
  ]);
}

test('where things score as high as people, the fitted calibration believes the joints', () => {
  const calibration = fitCalibration(frames({ person: 0.6, thing: 0.05 }));
  expect(personProbability(found(0, 0.5, 0.6), calibration)).toBeGreaterThan(0.9);
  expect(personProbability(found(0, 0.5, 0.05), calibration)).toBeLessThan(0.1);
});

test('the fit owes nothing to the shipped weights: with the opposite footage it learns the opposite', () => {
  const { joints } = fitCalibration(frames({ person: 0.05, thing: 0.6 }));
  expect(joints?.visibilityWeight).toBe(0);
});
