import type { ModelDescription } from '../model/model-description.ts';
import { createInput, preprocess } from './preprocess.ts';

const description: ModelDescription = {
  layout: 'yolo-detect',
  inputName: 'images',
  inputType: 'float32',
  outputs: [{ name: 'output0', shape: [1, 84, 21] }],
  width: 2,
  height: 1,
  channelOrder: 'nchw',
  colour: 'rgb',
  scale: 1,
  labels: ['person'],
  passes: [0],
  mirrorsEverySecondFrame: false,
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

test('a model that was trained with normalised colours gets each channel less its mean, in its own deviation', () => {
  const normalise = { mean: [0.1, 0.2, 0.3], deviation: [0.5, 0.25, 0.1] };
  const target = new Float32Array(6);
  preprocess(frame, { ...description, scale: 0.1, normalise }, target);
  expect([...target].map((value) => Math.round(value * 1000) / 1000)).toEqual([0, 0.6, 0, 1.2, 0, 3]);
});

test('a half-precision model gets the bits of half-precision numbers, one for bytes the bytes', () => {
  const half: ModelDescription = { ...description, inputType: 'float16' };
  const target = createInput(half);
  preprocess(frame, half, target);
  expect([...target]).toEqual([0x3c00, 0x4400, 0x4000, 0x4500, 0x4200, 0x4600]);
  const bytes: ModelDescription = { ...description, inputType: 'uint8', channelOrder: 'nhwc', scale: 1 / 255 };
  const own = createInput(bytes);
  preprocess(frame, bytes, own);
  expect([...own]).toEqual([1, 2, 3, 4, 5, 6]);
});

test('a turned frame is turned, not garbled', () => {
  const target = new Float32Array(12);
  const square = { data: Uint8Array.from([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]), width: 2, height: 2 };
  preprocess(square, { ...description, height: 2 }, target, { turn: 90 });
  expect([...target.slice(0, 4)]).toEqual([3, 1, 4, 2]);
});

test('a mirrored frame is mirrored left to right after it was turned', () => {
  const target = new Float32Array(12);
  const square = { data: Uint8Array.from([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]), width: 2, height: 2 };
  preprocess(square, { ...description, height: 2 }, target, { mirrored: true });
  expect([...target.slice(0, 4)]).toEqual([2, 1, 4, 3]);
  preprocess(square, { ...description, height: 2 }, target, { turn: 90, mirrored: true });
  expect([...target.slice(0, 4)]).toEqual([1, 3, 2, 4]);
});

test('a frame of another size is refused, not read past its end', () => {
  expect(() => preprocess({ ...frame, width: 3 }, description, new Float32Array(6))).toThrow(/3×1.*2×1/);
  expect(() => preprocess(frame, description, new Float32Array(5))).toThrow(/5 numbers/);
});
