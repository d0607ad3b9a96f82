import { describeModel } from '../describe/describe-model.ts';
import { letterboxGeometry } from '../frame/letterbox.ts';
import type { TensorView } from '../model/model-description.ts';
import { moveNetOutputs } from '../movenet/heads.ts';
import { decode } from './decode.ts';

const [width, height] = [352, 192];
const [rows, columns] = [height / 4, width / 4];
const description = describeModel({
  inputs: [{ name: 'images', type: 'float32', shape: [1, 3, 'height', 'width'] }],
  outputs: Object.entries(moveNetOutputs).map(([name, channels]) => ({ name, shape: [1, channels, 'h', 'w'] })),
});
const leftWrist = 9;

/** Empty heads, with functions to put a value at a cell. */
function heads() {
  const outputs: Record<string, TensorView> = {};
  for (const [name, channels] of Object.entries(moveNetOutputs)) {
    outputs[name] = { data: new Float32Array(channels * rows * columns), dims: [1, channels, rows, columns] };
  }
  const set = (name: keyof typeof moveNetOutputs, channel: number, y: number, x: number, value: number) => {
    const data = outputs[name]?.data;
    if (data) {
      data[(channel * rows + y) * columns + x] = value;
    }
  };
  return {
    outputs,
    set,
    person(y: number, x: number, confidence: number) {
      set('centre', 0, y, x, confidence);
      set('box_size', 0, y, x, 20); // 80 px high
      set('box_size', 1, y, x, 10);
    },
  };
}

const geometry = letterboxGeometry(width, height, width, height);
const people = (outputs: Record<string, TensorView>, confidence = 0.25) =>
  decode(outputs, description, { confidence, geometry });

test('a person is a cell that no other within two cells beats, with the box around its offset', () => {
  const { outputs, set, person } = heads();
  person(20, 30, 0.8);
  person(22, 32, 0.7); // the same person's shoulder
  person(20, 70, 0.5);
  person(40, 10, 0.2); // too weak
  set('box_offset', 0, 20, 30, 0.5);
  set('box_offset', 1, 20, 30, 0.25);
  const found = people(outputs);
  expect(found.map(({ confidence }) => confidence)).toEqual([expect.closeTo(0.8), 0.5]);
  expect(found[0]?.box).toEqual({ x1: 101, y1: 42, x2: 141, y2: 122 });
  expect(found[0]).toMatchObject({ classId: 0, className: 'person' });
});

test('two centres on one body are one person', () => {
  const { outputs, person } = heads();
  person(20, 30, 0.8);
  person(24, 30, 0.7); // four cells below: not within the reach of a maximum, but nearly the same box
  expect(people(outputs)).toHaveLength(1);
});

test('a joint is where the heat map shows it, not where the regression guesses it', () => {
  const { outputs, set, person } = heads();
  person(20, 30, 0.8);
  set('joint_regression', 2 * leftWrist, 20, 30, 4.3);
  set('joint_regression', 2 * leftWrist + 1, 20, 30, -3.2);
  set('joint_heat', leftWrist, 25, 28, 0.9); // one cell off the guess at (24.3, 26.8)
  set('joint_heat', leftWrist, 40, 28, 1); // another person's wrist, out of reach
  set('joint_offset', 2 * leftWrist, 25, 28, 0.5);
  set('joint_offset', 2 * leftWrist + 1, 25, 28, 0.25);
  const joint = people(outputs)[0]?.keypoints?.[leftWrist];
  expect(joint).toEqual({ x: 113, y: 102, visibility: expect.closeTo(0.9) });
});

test('of two hot cells the one near the guess is the joint, even where the farther one is a little hotter', () => {
  const { outputs, set, person } = heads();
  person(20, 30, 0.8);
  set('joint_heat', leftWrist, 20, 30, 0.7);
  set('joint_heat', leftWrist, 22, 32, 0.8);
  expect(people(outputs)[0]?.keypoints?.[leftWrist]).toMatchObject({ x: 120, y: 80 });
});

test('a joint that no map shows keeps the guess, with a low visibility', () => {
  const { outputs, set, person } = heads();
  person(20, 30, 0.8);
  set('joint_regression', 2 * leftWrist, 20, 30, 2.5);
  set('joint_heat', leftWrist, 23, 30, 0.05);
  expect(people(outputs)[0]?.keypoints?.[leftWrist]).toEqual({ x: 120, y: 90, visibility: expect.closeTo(0.05) });
});

test('a joint beyond the edge of the frame is not visible', () => {
  const { outputs, set, person } = heads();
  person(44, 30, 0.8);
  set('joint_regression', 2 * leftWrist, 44, 30, 12);
  set('joint_heat', leftWrist, 47, 30, 0.9);
  expect(people(outputs)[0]?.keypoints?.[leftWrist]).toMatchObject({ y: 224, visibility: 0 });
});

test('boxes and joints are in pixels of the camera', () => {
  const { outputs, person } = heads();
  person(20, 30, 0.8);
  const [found] = decode(outputs, description, {
    confidence: 0.25,
    geometry: letterboxGeometry(1920, 1080, width, height), // scale 192/1080, 5 px at either side
  });
  expect(found?.box.x1).toBeCloseTo((100 - 5) / (192 / 1080), 3);
  expect(found?.keypoints?.[0]).toMatchObject({ x: expect.closeTo(115 / (192 / 1080), 3), y: 450 });
});

test('what is found in a mirrored frame is reported where it is in the frame, with left and right in their places', () => {
  const { outputs, set, person } = heads();
  person(20, 30, 0.8); // centre at x = 120 px
  set('joint_heat', leftWrist, 18, 30, 0.9);
  const [found] = decode(outputs, description, { confidence: 0.25, geometry, mirrored: true });
  expect(found?.box).toEqual({ x1: width - 140, y1: 40, x2: width - 100, y2: 120 });
  expect(found?.turned).toBe(true);
  expect(found?.keypoints?.[leftWrist + 1]?.visibility).toBeCloseTo(0.9);
  expect(found?.keypoints?.[leftWrist + 1]?.x).toBeCloseTo(width - 120, -1);
  expect(found?.keypoints?.[leftWrist]?.visibility).toBeLessThan(0.1);
});

test('a model without one of the heads is refused by name', () => {
  const { outputs } = heads();
  const { joint_heat: _, ...others } = outputs;
  expect(() => people(others)).toThrow(/joint_heat is missing; a MoveNet has \[1,17,/);
});
