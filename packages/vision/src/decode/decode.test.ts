import { describeModel } from '../describe/describe-model.ts';
import { letterboxGeometry } from '../frame/letterbox.ts';
import type { TensorView } from '../model/model-description.ts';
import { decode } from './decode.ts';
import { mergePasses } from './merge-passes.ts';

/** A tensor of zeros with a few values set. */
function tensor(dims: number[], values: readonly (readonly [index: number[], value: number])[]): TensorView {
  const data = new Float32Array(dims.reduce((a, b) => a * b, 1));
  for (const [index, value] of values) {
    data[index.reduce((sum, i, d) => sum * (dims[d] ?? 1) + i, 0)] = value;
  }
  return { data, dims };
}
function model(input: number[], ...outputs: [string, number[]][]) {
  const side = (name: string, shape: number[]) => ({ name, shape, type: 'float32' });
  return describeModel({ inputs: [side('images', input)], outputs: outputs.map(([name, shape]) => side(name, shape)) });
}
const geometry = letterboxGeometry(640, 360, 640, 640); // padY 140
const all = { confidence: 0.25, geometry };

test('YOLO: the best class of a cell, in camera pixels, overlapping boxes joined', () => {
  const cell = (n: number, cx: number, score: number, row = 4): [number[], number][] => [
    [[0, 0, n], cx],
    [[0, 1, n], 240],
    [[0, 2, n], 40],
    [[0, 3, n], 80],
    [[0, row, n], score],
  ];
  const output = tensor(
    [1, 84, 400],
    [...cell(0, 100, 0.9), ...cell(1, 104, 0.6), ...cell(2, 300, 0.5), [[0, 6, 2], 0.7], ...cell(3, 500, 0.2)],
  );
  const found = decode({ output0: output }, model([1, 3, 640, 640], ['output0', [1, 84, 400]]), all);
  expect(found.map(({ className, confidence }) => [className, Number(confidence.toFixed(2))])).toEqual([
    ['person', 0.9],
    ['car', 0.7],
  ]);
  expect(found[0]?.box).toEqual({ x1: 80, y1: 60, x2: 120, y2: 140 });
  expect(
    decode({ output0: output }, model([1, 3, 640, 640], ['output0', [1, 84, 400]]), { ...all, classNames: ['person'] }),
  ).toHaveLength(2);
});

test('pose: seventeen joints travel with the box', () => {
  const output = tensor(
    [1, 56, 300],
    [
      [[0, 0, 7], 100],
      [[0, 1, 7], 240],
      [[0, 2, 7], 40],
      [[0, 3, 7], 80],
      [[0, 4, 7], 0.8],
      [[0, 5, 7], 90],
      [[0, 6, 7], 210],
      [[0, 7, 7], 0.5],
    ],
  );
  const [person] = decode({ output0: output }, model([1, 3, 640, 640], ['output0', [1, 56, 300]]), all);
  expect(person?.keypoints).toHaveLength(17);
  expect(person?.keypoints?.[0]).toEqual({ x: 90, y: 70, visibility: 0.5 });
});

test('YOLOX: offsets in cells of three grids, sizes as logarithms, objectness times class', () => {
  const square = letterboxGeometry(64, 64, 64, 64);
  // 64×64: 8×8 cells of stride 8, then 4×4 of 16, then 2×2 of 32; the row 64 + 5 is cell (1, 1) of stride 16.
  const output = tensor(
    [1, 84, 85],
    [
      [[0, 69, 0], 0.5],
      [[0, 69, 1], 0.5],
      [[0, 69, 2], Math.log(1.5)],
      [[0, 69, 4], 0.8],
      [[0, 69, 5], 0.9],
    ],
  );
  const [found] = decode({ output }, model([1, 3, 64, 64], ['output', [1, 84, 85]]), {
    confidence: 0.25,
    geometry: square,
  });
  expect(found).toMatchObject({ className: 'person', confidence: expect.closeTo(0.72) });
  expect(found?.box).toEqual({ x1: expect.closeTo(12), y1: 16, x2: expect.closeTo(36), y2: 32 });
});

test('end-to-end: rows are taken as they are', () => {
  const output = tensor(
    [1, 3, 6],
    [
      [[0, 1, 0], 10],
      [[0, 1, 1], 150],
      [[0, 1, 2], 30],
      [[0, 1, 3], 190],
      [[0, 1, 4], 0.6],
      [[0, 1, 5], 2],
    ],
  );
  expect(decode({ output0: output }, model([1, 3, 640, 640], ['output0', [1, 3, 6]]), all)).toEqual([
    { classId: 2, className: 'car', confidence: expect.closeTo(0.6), box: { x1: 10, y1: 10, x2: 30, y2: 50 } },
  ]);
});

test('several classes that mean a person are one person, not two', () => {
  const properties = { names: "['people', 'pedestrian']" };
  const input = { name: 'images', shape: [1, 3, 640, 640], type: 'float32' };
  const shape = [1, 6, 8400];
  const description = describeModel({ inputs: [input], outputs: [{ name: 'o', shape, type: 'float32' }], properties });
  const box = (n: number): [number[], number][] => [100, 240, 40, 80].map((value, row) => [[0, row, n], value]);
  const output = tensor(shape, [...box(0), [[0, 4, 0], 0.9], ...box(1), [[0, 5, 1], 0.8]]);
  expect(decode({ o: output }, description, all)).toMatchObject([
    { className: 'person', classId: 0, confidence: expect.closeTo(0.9) },
  ]);
});

describe('numbers that cannot be right are an error, never a person', () => {
  const description = model([1, 3, 640, 640], ['output0', [1, 300, 6]]);
  const rows = (...list: number[][]) => ({
    output0: tensor(
      [1, 300, 6],
      list.flatMap((row, n) => row.map((value, k): [number[], number] => [[0, n, k], value])),
    ),
  });
  const good = [10, 150, 30, 190, 0.6, 0];

  test.each([
    ['a score of 220', [...good.slice(0, 4), 220, 0], /score of 220 instead of 0 to 1.*end-to-end.*docs\/models\.md/],
    ['a box far outside the frame', [-90000, 0, 90000, 200, 0.9, 0], /far outside the frame.*-90000/],
    ['a box that is not a number', [Number.NaN, 0, 10, 10, 0.9, 0], /far outside the frame/],
  ])('%s', (_, row, message) => {
    expect(() => decode(rows(row), description, all)).toThrow(
      expect.objectContaining({
        name: 'ModelOutputError',
        code: 'model_invalid',
        message: expect.stringMatching(message),
      }),
    );
  });

  test('one wild box among sound ones is left out, and the people are still found', () => {
    const found = decode(rows(good, [-90000, 0, 90000, 200, 0.3, 0], [200, 150, 230, 300, 0.9, 0]), description, all);
    expect(found.map(({ confidence }) => Number(confidence.toFixed(1)))).toEqual([0.6, 0.9]);
  });

  test('an output of another shape than announced is named', () => {
    expect(() => decode({ output0: tensor([1, 5, 7], []) }, description, all)).toThrow(/output0.*\[1,5,7\].*6 numbers/);
    expect(() => decode({}, description, all)).toThrow(/no output "output0"/);
  });
});

test('a pass over the turned frame gives detections in pixels of the camera', () => {
  // A box in the right upper corner of the frame turned clockwise was in the left upper corner.
  const output = tensor(
    [1, 3, 6],
    [
      [[0, 0, 0], 480],
      [[0, 0, 1], 0],
      [[0, 0, 2], 500],
      [[0, 0, 3], 60],
      [[0, 0, 4], 0.6],
    ],
  );
  const [found] = decode({ output0: output }, model([1, 3, 640, 640], ['output0', [1, 3, 6]]), { ...all, turn: 90 });
  expect(found?.box).toEqual({ x1: 0, y1: 0, x2: 60, y2: 20 });
});

describe('mergePasses', () => {
  const at = (x1: number, confidence: number) => ({
    classId: 0,
    className: 'person',
    confidence,
    box: { x1, y1: 0, x2: x1 + 100, y2: 50 },
  });
  test('the turned find is taken only where it beats the plain one', () => {
    expect(mergePasses([[at(0, 0.3)], [at(10, 0.6)], []])).toEqual([at(10, 0.6)]);
    expect(mergePasses([[at(0, 0.7)], [at(10, 0.6)], []])).toEqual([at(0, 0.7)]);
  });
  test('a person whom only the turned frame shows is added', () => {
    expect(mergePasses([[at(0, 0.7)], [at(300, 0.4)]])).toHaveLength(2);
  });
});
