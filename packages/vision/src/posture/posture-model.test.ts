import { moveNetJoints } from '../calibration/known-calibrations.ts';
import { personProbability } from '../calibration/person-probability.ts';
import { postureFeatures } from './posture-features.ts';
import { judgePosture, type PostureCoefficients } from './posture-model.ts';
import { referenceVectors } from './reference-vectors.fixture.ts';

interface Reference {
  readonly coefficients: PostureCoefficients;
  readonly vectors: readonly {
    readonly name: string;
    readonly width: number;
    readonly height: number;
    readonly box: readonly [number, number, number, number];
    readonly confidence: number;
    readonly joints: readonly (readonly [number, number, number])[];
    readonly scale: number;
    readonly features: readonly number[];
    readonly posture: readonly number[];
    readonly person: number;
  }[];
}

const reference = referenceVectors as Reference;

/** The reference rounds its results to 3, 5 and 4 digits, and its joints to 3. */
const closeTo = (values: readonly number[], digits: number) => values.map((value) => expect.closeTo(value, digits));

describe.each(reference.vectors)('$name, measured by an independent implementation', (vector) => {
  const [x1, y1, x2, y2] = vector.box;
  const joints = vector.joints.map(([x, y, visibility]) => ({ x, y, visibility }));
  const { scale, values } = postureFeatures({ x1, y1, x2, y2 }, joints, vector);

  test('has the same body scale and features', () => {
    expect(scale).toBeCloseTo(vector.scale, 1);
    expect(values).toEqual(closeTo(vector.features, 4));
  });

  test('has the same posture, also from the features alone', () => {
    expect(judgePosture(values, reference.coefficients)).toEqual(closeTo(vector.posture, 3));
    expect(judgePosture(vector.features, reference.coefficients)).toEqual(closeTo(vector.posture, 3));
  });

  test('has the same person score', () => {
    const calibration = {
      startConfidence: 0.3,
      continueConfidence: 0.15,
      furnitureConfidence: 0.7,
      joints: moveNetJoints,
    };
    const detection = { confidence: vector.confidence, keypoints: joints };
    expect(personProbability(detection, calibration)).toBeCloseTo(vector.person, 3);
  });
});
