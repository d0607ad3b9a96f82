import type { ModelDescription, Turn } from '../model/model-description.ts';
import { turnOffsets } from './turn.ts';

/** An rgb24 picture, `width × height × 3` bytes, already letterboxed to the model's input size. */
export interface RgbFrame {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Grey of the letterbox, 0..255. */
export const letterboxGrey = 114;

/** Number of floats of the model's input tensor. */
export const inputLength = (description: ModelDescription): number => description.width * description.height * 3;

/** Dimensions of the model's input tensor, batch of one. */
export const inputDims = ({ channelOrder, width, height }: ModelDescription): number[] =>
  channelOrder === 'nhwc' ? [1, height, width, 3] : [1, 3, height, width];

/**
 * Writes a frame into `target` (length `inputLength`) as the model wants it: channel order, colour order, scale, and
 * turned clockwise by `turn` degrees. One pass over the picture, nothing is allocated but two small offset tables.
 * Throws `RangeError` where sizes do not fit.
 */
export function preprocess(frame: RgbFrame, description: ModelDescription, target: Float32Array, turn: Turn = 0): void {
  const { width, height, scale } = description;
  const pixels = width * height;
  if (frame.width !== width || frame.height !== height || frame.data.length < pixels * 3) {
    throw new RangeError(
      `The frame is ${frame.width}×${frame.height} with ${frame.data.length} bytes, the model wants ${width}×${height} rgb24.`,
    );
  }
  if (target.length !== pixels * 3)
    throw new RangeError(`The target has ${target.length} floats, the model's input ${pixels * 3}.`);
  const planar = description.channelOrder === 'nchw';
  const step = planar ? 1 : 3;
  const channelStride = planar ? pixels : 1;
  const bgr = description.colour === 'bgr';
  const red = bgr ? 2 * channelStride : 0;
  const green = channelStride;
  const blue = bgr ? 0 : 2 * channelStride;
  const { columns, rows } = turnOffsets(width, height, turn);
  const { data } = frame;
  const grey = letterboxGrey * scale;
  let out = 0;
  for (let y = 0; y < height; y++) {
    const row = rows[y] as number;
    for (let x = 0; x < width; x++, out += step) {
      const column = columns[x] as number;
      if (row < 0 || column < 0) {
        target[out + red] = target[out + green] = target[out + blue] = grey;
        continue;
      }
      const from = row + column;
      target[out + red] = (data[from] as number) * scale;
      target[out + green] = (data[from + 1] as number) * scale;
      target[out + blue] = (data[from + 2] as number) * scale;
    }
  }
}
