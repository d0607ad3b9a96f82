import { letterboxGeometry } from './letterbox.ts';
import type { RgbFrame } from './preprocess.ts';

/** What can be measured in a frame without knowing what it shows. All in levels of brightness, 0..255. */
export interface FrameMeasures {
  readonly brightness: number;
  /**
   * How much neighbouring parts of the frame differ (edges of furniture, walls, people): the 90th percentile of the second
   * difference between the means of blocks of about 1/40 of the width. Slow gradients, such as light behind a cover, do not count.
   */
  readonly structure: number;
  /** Standard deviation of the noise of single pixels (Immerkær, Computer Vision and Image Understanding 64, 1996), by its median. */
  readonly noise: number;
}

/** Why nothing can be seen in a frame. */
export type FrameFault = 'dark' | 'covered';

/**
 * Below this structure a frame shows nothing. Measured on 50 clips of rooms (640×360 and 320×240): at least 39 by day, 13 at a third
 * of the light, 27 with infrared; at most 2 behind cloth, a hand or in front of a wall, 1 in the dark.
 */
const leastStructure = 4;
/** A frame without structure that is darker than this is dark, else something covers the lens. */
const darkBrightness = 30;
/**
 * Structure divided by noise below which people cannot be distinguished from noise: at least 80 by day and 21 with infrared; 2 to 8 at a
 * quarter of the light with the noise of a sensor.
 */
const leastStructureToNoise = 12;
/** Noise in bright frames is a matter of the camera, not of the light. */
const brightRoom = 128;
/** A frame that was found poor has to be so much better to count as seen. */
const recoveryFactor = 1.25;

/**
 * Measures the part of a letterboxed frame that shows the camera's frame: about 60,000 pixels, whatever the size.
 * @param source size of the displayed frame, px
 */
export function frameQuality(
  frame: RgbFrame,
  source: { readonly width: number; readonly height: number },
): FrameMeasures {
  const area = cameraArea(frame, source);
  const blocks = blockMeans(frame, area);
  let sum = 0;
  for (const mean of blocks.means) {
    sum += mean;
  }
  return {
    brightness: sum / blocks.means.length,
    structure: structureOf(blocks),
    noise: noiseOf(frame, area),
  };
}

/** Judges a frame; `before` is what the one before was: the limits to get out of it are higher than those to get in. */
export function judgeFrameQuality(quality: FrameMeasures, before: FrameFault | undefined): FrameFault | undefined {
  const factor = before === undefined ? 1 : recoveryFactor;
  const { brightness, structure, noise } = quality;
  if (structure < leastStructure * factor) return brightness < darkBrightness ? 'dark' : 'covered';
  const lostInNoise = structure < leastStructureToNoise * factor * noise;
  return lostInNoise && brightness < brightRoom ? 'dark' : undefined;
}

interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function cameraArea({ width, height }: RgbFrame, source: { width: number; height: number }): Area {
  const { scale, padX, padY } = letterboxGeometry(source.width, source.height, width, height);
  return {
    left: padX,
    top: padY,
    width: Math.max(1, Math.min(width - padX, Math.round(source.width * scale))),
    height: Math.max(1, Math.min(height - padY, Math.round(source.height * scale))),
  };
}

interface Blocks {
  readonly means: Float32Array;
  readonly columns: number;
  readonly rows: number;
}

const blocksAcross = 40;
/** Pixels looked at along each side of a block. */
const samplesAcross = 8;

function blockMeans({ data, width }: RgbFrame, area: Area): Blocks {
  const size = Math.max(1, Math.floor(Math.max(area.width, area.height) / blocksAcross));
  const columns = Math.max(1, Math.floor(area.width / size));
  const rows = Math.max(1, Math.floor(area.height / size));
  const step = Math.max(1, Math.floor(size / samplesAcross));
  const means = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      let count = 0;
      for (let y = 0; y < size; y += step) {
        const line = (area.top + row * size + y) * width + area.left + column * size;
        for (let x = 0; x < size; x += step) {
          sum += lumaAt(data, line + x);
          count++;
        }
      }
      means[row * columns + column] = sum / count;
    }
  }
  return { means, columns, rows };
}

function structureOf({ means, columns, rows }: Blocks): number {
  const at = (index: number): number => means[index] ?? 0;
  const differences: number[] = [];
  for (let row = 1; row < rows - 1; row++) {
    for (let column = 1; column < columns - 1; column++) {
      const index = row * columns + column;
      const across = Math.abs(2 * at(index) - at(index - 1) - at(index + 1));
      const down = Math.abs(2 * at(index) - at(index - columns) - at(index + columns));
      differences.push(Math.max(across, down));
    }
  }
  differences.sort((a, b) => a - b);
  return differences[Math.floor(differences.length * 0.9)] ?? 0;
}

/** Pixels looked at for the noise, at most. */
const noiseSamples = 20_000;
/** Steps of the histogram for each level of brightness. */
const fine = 8;
/** Median of a normal distribution's absolute value, and the norm of the mask: both in units of the standard deviation. */
const medianOfNormal = 0.6745;
const maskNorm = 6;

/** The mask takes away flat areas, gradients and straight edges; the median takes away the rest of the frame. */
function noiseOf({ data, width }: RgbFrame, area: Area): number {
  const step = Math.max(1, Math.round((area.width * area.height) / noiseSamples));
  const histogram = new Uint32Array(256 * 16 * fine);
  let count = 0;
  for (let y = 1; y < area.height - 1; y++) {
    const line = (area.top + y) * width + area.left;
    for (let x = 1 + (y % step); x < area.width - 1; x += step) {
      const at = line + x;
      const above = lumaAt(data, at - width - 1) - 2 * lumaAt(data, at - width) + lumaAt(data, at - width + 1);
      const beside = lumaAt(data, at - 1) - 2 * lumaAt(data, at) + lumaAt(data, at + 1);
      const below = lumaAt(data, at + width - 1) - 2 * lumaAt(data, at + width) + lumaAt(data, at + width + 1);
      const bin = Math.min(histogram.length - 1, Math.round(Math.abs(above - 2 * beside + below) * fine));
      histogram[bin] = (histogram[bin] ?? 0) + 1;
      count++;
    }
  }
  return medianBin(histogram, count) / fine / medianOfNormal / maskNorm;
}

function medianBin(histogram: Uint32Array, count: number): number {
  let passed = 0;
  for (let bin = 0; bin < histogram.length; bin++) {
    passed += histogram[bin] ?? 0;
    if (passed * 2 >= count) return bin;
  }
  return 0;
}

/** ITU-R BT.601. */
function lumaAt(data: Uint8Array, pixel: number): number {
  const at = pixel * 3;
  return 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
}
