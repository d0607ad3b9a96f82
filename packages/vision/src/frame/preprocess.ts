import type { ModelDescription, ModelInputDescription, Showing } from '../model/model-description.ts';
import { toHalf } from './half.ts';
import { turnOffsets } from './turn.ts';

/** An rgb24 frame, `width × height × 3` bytes, already letterboxed to the model's input size. */
export interface RgbFrame {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Grey of the letterbox, 0..255. */
export const letterboxGrey = 114;

/** What a model's input tensor holds; float16 as its bits (IEEE 754 binary16). */
export type ModelInput = Float32Array | Uint16Array | Uint8Array;

/** Number of values in the model's input tensor. */
export const inputLength = ({ width, height }: ModelInputDescription): number => width * height * 3;

/** Makes an input tensor of the model's type, one frame large. */
export function createInput(description: ModelInputDescription): ModelInput {
  const length = inputLength(description);
  switch (description.inputType) {
    case 'float32':
      return new Float32Array(length);
    case 'float16':
      return new Uint16Array(length);
    case 'uint8':
      return new Uint8Array(length);
  }
}

/** Dimensions of the model's input tensor, batch of one. */
export const inputDims = ({ channelOrder, width, height }: ModelInputDescription): number[] =>
  channelOrder === 'nhwc' ? [1, height, width, 3] : [1, 3, height, width];

/**
 * Writes a frame into `target` (see `createInput`) as the model wants it: channel order, colour order, scale,
 * turned clockwise by `turn` degrees, and mirrored. One pass over the frame, nothing is allocated but small tables.
 * Throws `RangeError` where sizes do not fit.
 */
export function preprocess(
  frame: RgbFrame,
  description: ModelDescription,
  target: ModelInput,
  { turn = 0, mirrored = false }: Showing = {},
): void {
  const { width, height } = description;
  const pixels = width * height;
  if (frame.width !== width || frame.height !== height || frame.data.length < pixels * 3) {
    throw new RangeError(
      `The frame is ${frame.width}×${frame.height} with ${frame.data.length} bytes, the model wants ${width}×${height} rgb24.`,
    );
  }
  if (target.length !== pixels * 3)
    throw new RangeError(`The target has ${target.length} numbers, the model's input ${pixels * 3}.`);
  const planar = description.channelOrder === 'nchw';
  const step = planar ? 1 : 3;
  const channelStride = planar ? pixels : 1;
  const bgr = description.colour === 'bgr';
  const red = bgr ? 2 * channelStride : 0;
  const green = channelStride;
  const blue = bgr ? 0 : 2 * channelStride;
  const { columns, rows } = turnOffsets(width, height, turn);
  if (mirrored) {
    columns.reverse();
  }
  const { data } = frame;
  const [reds, greens, blues] = byteTables(description);
  let out = 0;
  for (let y = 0; y < height; y++) {
    const row = rows[y] as number;
    for (let x = 0; x < width; x++, out += step) {
      const column = columns[x] as number;
      if (row < 0 || column < 0) {
        target[out + red] = reds[letterboxGrey] as number;
        target[out + green] = greens[letterboxGrey] as number;
        target[out + blue] = blues[letterboxGrey] as number;
        continue;
      }
      const from = row + column;
      target[out + red] = reds[data[from] as number] as number;
      target[out + green] = greens[data[from + 1] as number] as number;
      target[out + blue] = blues[data[from + 2] as number] as number;
    }
  }
}

/** What each byte 0..255 of red, green and blue becomes in the model's input. */
function byteTables({ inputType, scale, normalise }: ModelDescription): [ModelInput, ModelInput, ModelInput] {
  const table = (channel: number): ModelInput => {
    const mean = normalise?.mean[channel] ?? 0;
    const deviation = normalise?.deviation[channel] ?? 1;
    const numbers = Float32Array.from({ length: 256 }, (_, byte) => (byte * scale - mean) / deviation);
    if (inputType === 'float16') return Uint16Array.from(numbers, toHalf);
    return inputType === 'uint8' ? Uint8Array.from({ length: 256 }, (_, byte) => byte) : numbers;
  };
  return [table(0), table(1), table(2)];
}
