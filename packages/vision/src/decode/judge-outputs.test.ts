import { proposeDescriptions } from '../describe/describe-model.ts';
import type { ModelDescription } from '../model/model-description.ts';
import { contradiction } from './judge-outputs.ts';

/** The readings of one output `[1, …]` of a model for 640 × 640 px. */
function readings(shape: number[], names?: string): readonly ModelDescription[] {
  return proposeDescriptions({
    inputs: [{ name: 'images', type: 'float32', shape: [1, 3, 640, 640] }],
    outputs: [{ name: 'output', type: 'float32', shape }],
    properties: names === undefined ? undefined : { names },
  });
}

/** Judges rows of numbers, which repeat until the output is full (or once, then zeros). */
function judge(description: ModelDescription | undefined, rows: readonly (readonly number[])[], repeat = false) {
  if (description === undefined) throw new Error('There is no such reading.');
  const dims = description.outputs[0]?.shape as number[];
  const [, count = 0, numbers = 0] = dims;
  const data = new Float32Array(count * numbers);
  for (let row = 0; row < (repeat ? count : rows.length); row++) {
    data.set(rows[row % rows.length] ?? [], row * numbers);
  }
  return contradiction({ output: { data, dims } }, description);
}

const endToEnd = (unit: string, scoreAt: number) =>
  readings([1, 300, 6]).find(({ format }) => format?.unit === unit && format.scores.first === scoreAt);
const pixels = [100, 50, 300, 400];
const shares = [0.1, 0.1, 0.5, 0.6];

describe('numbers that a reading cannot explain rule it out', () => {
  test.each<[string, ModelDescription | undefined, number[], RegExp | undefined]>([
    ['pixels as pixels', endToEnd('pixels', 4), [...pixels, 0.9, 0], undefined],
    ['shares as pixels', endToEnd('pixels', 4), [...shares, 0.9, 0], /at most 0.6 instead of pixels/],
    ['pixels as shares', endToEnd('share', 4), [...pixels, 0.9, 0], /far outside the frame/],
    ['shares as shares', endToEnd('share', 4), [...shares, 0.9, 0], undefined],
    ['a class id as a score', endToEnd('pixels', 4), [...pixels, 17, 0.9], /scores of 17 instead of 0 to 1/],
    ['a score as a class id', endToEnd('pixels', 4), [...pixels, 0, 0.9], undefined],
    [
      'a score as a class id of something',
      endToEnd('pixels', 4),
      [...pixels, 1, 0.9],
      /class ids of 0.9 instead of whole/,
    ],
    ['the class id first, read so', endToEnd('pixels', 5), [...pixels, 17, 0.9], undefined],
    ['a class without a name', endToEnd('pixels', 4), [...pixels, 0.9, 364], /class id 364.*only 80 classes.*"labels"/],
    ['centre and size as corners', endToEnd('pixels', 4), [400, 300, 80, 60, 0.9, 0], /boxes of negative size/],
    ['unused rows of −1', endToEnd('pixels', 4), [...pixels, -1, -1], undefined],
    ['logits', endToEnd('pixels', 4), [...pixels, -4.5, 0], /scores of -4.5 instead of 0 to 1/],
    ['nothing found', endToEnd('pixels', 4), [0, 0, 0, 0, 0, 0], undefined],
  ])('%s', (_, description, row, expected) => {
    const problem = judge(description, [row]);
    if (expected === undefined) {
      expect(problem).toBeUndefined();
    } else {
      expect(problem).toMatch(expected);
    }
  });

  const eighty = Array.from({ length: 80 }, () => 0.01);
  const yolo = (layout: string) => readings([1, 8400, 85]).find((reading) => reading.layout === layout);

  test('a decoded YOLO is not taken for one before its decoding, and the other way round', () => {
    const decoded = [
      [500, 300, 80, 200, 1, ...eighty],
      [100, 300, 80, 200, 1, ...eighty],
    ];
    const raw = [
      [0.4, 0.6, 1.5, 2.1, 0.1, ...eighty],
      [2.5, 0.3, 0.8, 1.2, 0.1, ...eighty],
    ];
    expect(judge(yolo('yolox'), decoded, true)).toMatch(/far outside the frame/);
    expect(judge(yolo('yolo-objectness'), decoded, true)).toBeUndefined();
    expect(judge(yolo('yolox'), raw, true)).toBeUndefined();
    expect(judge(yolo('yolo-objectness'), raw, true)).toMatch(/left edge/);
  });

  test('probabilities are not taken for logits, nor logits for probabilities', () => {
    const [logits, probabilities] = proposeDescriptions({
      inputs: [{ name: 'images', type: 'float32', shape: [1, 3, 640, 640] }],
      outputs: [
        { name: 'dets', type: 'float32', shape: [1, 1, 4] },
        { name: 'labels', type: 'float32', shape: [1, 1, 91] },
      ],
    });
    const outputs = (low: number, high: number) => ({
      dets: { data: Float32Array.of(0.5, 0.5, 0.2, 0.4), dims: [1, 1, 4] },
      labels: { data: Float32Array.from({ length: 91 }, (_, id) => (id === 1 ? high : low)), dims: [1, 1, 91] },
    });
    const of = (description: ModelDescription | undefined, low: number, high: number) =>
      description === undefined ? 'missing' : contradiction(outputs(low, high), description);
    expect(of(logits, -5, 2)).toBeUndefined();
    expect(of(logits, 0.01, 0.9)).toMatch(/instead of logits/);
    expect(of(probabilities, 0.01, 0.9)).toBeUndefined();
    expect(of(probabilities, -5, 2)).toMatch(/instead of 0 to 1/);
  });
});
