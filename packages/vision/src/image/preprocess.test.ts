import type { ModelDescription } from '../model/model-description.ts';
import { preprocess } from './preprocess.ts';

const description: ModelDescription = {
  layout: 'yolo-detect',
  inputName: 'images',
  outputs: [{ name: 'output0', shape: [1, 84, 21] }],
  width: 2,
  height: 1,
  channelOrder: 'nchw',
  colour: 'rgb',
  scale: 1,
  labels: ['person'],
  passes: [0],
  resizable: false,
};
const frame = { data: Uint8Array.from([1, 2, 3, 4, 5, 6]), width: 2, height: 1 };

function tensor(changes: Partial<ModelDescription>): number[] {
  const target = new Float32Array(6);
  preprocess(frame, { ...description, ...changes }, target);
  return [...target];
}

test.each([
  ['planes of red, green, blue', {}, [1, 4, 2, 5, 3, 6]],
  ['blue first', { colour: 'bgr' as const }, [3, 6, 2, 5, 1, 4]],
  ['channels last', { channelOrder: 'nhwc' as const }, [1, 2, 3, 4, 5, 6]],
  ['channels last, blue first', { channelOrder: 'nhwc' as const, colour: 'bgr' as const }, [3, 2, 1, 6, 5, 4]],
  ['scaled', { scale: 0.5 }, [0.5, 2, 1, 2.5, 1.5, 3]],
])('%s', (_, changes, expected) => {
  expect(tensor(changes)).toEqual(expected);
});

test('a turned picture is turned, not garbled', () => {
  const target = new Float32Array(12);
  const square = { data: Uint8Array.from([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]), width: 2, height: 2 };
  preprocess(square, { ...description, height: 2 }, target, 90);
  expect([...target.slice(0, 4)]).toEqual([3, 1, 4, 2]);
});

test('a frame of another size is refused, not read past its end', () => {
  expect(() => preprocess({ ...frame, width: 3 }, description, new Float32Array(6))).toThrow(/3×1.*2×1/);
  expect(() => preprocess(frame, description, new Float32Array(5))).toThrow(/5 floats/);
});
