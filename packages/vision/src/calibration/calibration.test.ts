import fc from 'fast-check';
import { fitJoints } from './fit-joints.ts';
import { calibrationOf, moveNetJoints } from './known-calibrations.ts';
import { type CalibrationSample, measureCalibration } from './measure-calibration.ts';
import { calibrationSchema, type ModelCalibration } from './model-calibration.ts';
import { personProbability } from './person-probability.ts';

const joints = (visibility: number) => Array.from({ length: 17 }, () => ({ x: 0, y: 0, visibility }));
const moveNet = calibrationOf('movenet', undefined).calibration;
const boxes: ModelCalibration = { startConfidence: 0.3, continueConfidence: 0.15, furnitureConfidence: 0.6 };

describe('the probability that a detection is a person', () => {
  test.each([
    [0.5, 0.05, 0.05],
    [0.5, 0.23, 0.5],
    [0.5, 0.5, 0.84],
  ])('with joints: a confidence of %d at a mean visibility of %d means %d', (confidence, visibility, expected) => {
    const probability = personProbability({ confidence, keypoints: joints(visibility) }, moveNet);
    expect(probability).toBeGreaterThan(expected - 0.03);
    expect(probability).toBeLessThan(expected + 0.03);
  });

  test('without joints is one half where the model finds people as often as things, and 0.9 above all furniture', () => {
    expect(personProbability({ confidence: 0.3 }, boxes)).toBeCloseTo(0.5);
    expect(personProbability({ confidence: 0.6 }, boxes)).toBeCloseTo(0.9);
  });

  test('grows with the confidence and stays a number for every confidence', () => {
    const confidence = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(confidence, confidence, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, visibility) => {
        for (const keypoints of [undefined, joints(visibility)]) {
          const [low, high] = [Math.min(a, b), Math.max(a, b)].map((one) =>
            personProbability({ confidence: one, keypoints }, keypoints ? moveNet : boxes),
          );
          expect(low).toBeLessThanOrEqual(high ?? 0);
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test('of a pose model that gives other than 17 joints depends on the confidence alone', () => {
    const few = joints(0).slice(0, 5);
    expect(personProbability({ confidence: 0.3, keypoints: few }, { ...moveNet, ...boxes })).toBeCloseTo(0.5);
  });
});

describe('a measured calibration', () => {
  const samples = (...confidences: number[]): CalibrationSample[] =>
    confidences.map((confidence) => ({ confidence, visibility: undefined }));
  const spread = (count: number, from: number, to: number) =>
    samples(...Array.from({ length: count }, (_, index) => from + ((to - from) * index) / (count - 1)));

  test('starts tracks between what people and what things score', () => {
    const { startConfidence } = measureCalibration(spread(40, 0.5, 0.9), spread(40, 0, 0.3), undefined);
    expect(startConfidence).toBeGreaterThan(0.3);
    expect(startConfidence).toBeLessThan(0.5);
  });

  test('continues what even the weakest people score, and never what every frame is full of', () => {
    const weak = [...samples(0, 0.4), ...spread(38, 0.6, 0.9)];
    expect(measureCalibration(weak, spread(40, 0, 0.3), undefined).continueConfidence).toBe(0.2);
    const unseen = [...samples(0, 0, 0, 0), ...weak];
    expect(measureCalibration(unseen, spread(40, 0, 0.3), undefined).continueConfidence).toBe(0.15);
  });

  test('continues all detections where joints confirm people: bodies that lie half hidden score low', () => {
    const seen = spread(40, 0.6, 0.9).map(({ confidence }) => ({ confidence, visibility: 0.5 }));
    const calibration = measureCalibration(seen, spread(40, 0, 0.3), undefined);
    expect(calibration.continueConfidence).toBe(0.15);
    expect(measureCalibration(spread(40, 0.6, 0.9), spread(40, 0, 0.3), undefined).continueConfidence).toBeGreaterThan(
      0.25,
    );
  });

  test('rules out furniture only above all that was seen in empty rooms', () => {
    const things = [...spread(39, 0, 0.2), ...samples(0.66)];
    const { furnitureConfidence, startConfidence } = measureCalibration(spread(40, 0.5, 0.95), things, undefined);
    expect(furnitureConfidence).toBeGreaterThan(0.7);
    expect(startConfidence).toBeLessThan(0.5);
  });

  test('is one that the JSON beside a model may hold, whatever was measured', () => {
    const confidence = fc.double({ min: 0, max: 1, noNaN: true });
    const some = fc.array(fc.record({ confidence, visibility: confidence }), { minLength: 10, maxLength: 60 });
    fc.assert(
      fc.property(some, some, (people, things) => {
        expect(calibrationSchema.parse(measureCalibration(people, things, moveNetJoints))).toBeDefined();
      }),
    );
  });

  test('needs enough frames of both kinds', () => {
    expect(() => measureCalibration(spread(40, 0.5, 0.9), samples(0.1), undefined)).toThrow(/10 frames.*40 and 1/);
  });
});

describe('joint weights', () => {
  const at = (confidence: number, visibility: number, count: number): CalibrationSample[] =>
    Array.from({ length: count }, () => ({ confidence, visibility }));
  const probability = (
    { confidence, visibility }: { confidence: number; visibility: number },
    of: CalibrationSample[][],
  ) => {
    const [people = [], things = []] = of;
    const fitted = fitJoints(people, things, moveNetJoints);
    return personProbability({ confidence, keypoints: joints(visibility) }, { ...boxes, joints: fitted });
  };

  test('follow a model whose things look like people to it, but not without limit', () => {
    const armchair = { confidence: 0.7, visibility: 0.3 };
    const before = personProbability({ confidence: 0.7, keypoints: joints(0.3) }, moveNet);
    const after = probability(armchair, [at(0.9, 0.6, 50), at(0.7, 0.3, 50)]);
    expect(before).toBeGreaterThan(0.75);
    expect(after).toBeLessThan(0.5);
    expect(probability({ confidence: 0.95, visibility: 0.7 }, [at(0.9, 0.6, 50), at(0.7, 0.3, 50)])).toBeGreaterThan(
      0.8,
    );
  });

  test.each([
    [0.9, 0.5, 10],
    [0.9, 1, 50],
    [0.999, 0.5, 50],
    [0.9999, 0, 10],
  ])(
    'do not rule out all people after frames of a thing with confidence %d and visibility %d, %d times',
    (...thing) => {
      const fitted = fitJoints([], at(...thing), moveNetJoints);
      expect(calibrationSchema.shape.joints.parse(fitted)).toBeDefined();
      // a few standard deviations of the prior
      expect(Math.abs(fitted.visibilityWeight - moveNetJoints.visibilityWeight)).toBeLessThan(1);
      expect(Math.abs(fitted.bias - moveNetJoints.bias)).toBeLessThan(7);
    },
  );

  test('stay where they were when nothing was found in empty rooms', () => {
    const fitted = fitJoints(at(0.9, 0.6, 50), at(0, 0, 50), moveNetJoints);
    expect(Math.abs(fitted.confidenceWeight - moveNetJoints.confidenceWeight)).toBeLessThan(0.2);
    expect(Math.abs(fitted.bias - moveNetJoints.bias)).toBeLessThan(0.5);
  });
});

describe('which calibration a model gets', () => {
  test('its own comes first, then that of a known model, then cautious values', () => {
    expect(calibrationOf('movenet', boxes)).toEqual({ calibration: boxes, source: 'json' });
    expect(calibrationOf('movenet', undefined).source).toBe('known');
    const mine = calibrationOf('mine', undefined);
    expect(mine.source).toBe('default');
    for (const id of ['movenet', 'yolov8n-pose-640', 'yolov11n-640', 'yolox-nano-416']) {
      const known = calibrationOf(id, undefined).calibration;
      expect(calibrationSchema.parse(known)).toEqual(known);
    }
  });
});
