import { clipBox } from '../detection/box.ts';
import type { Box } from '../detection/detection.ts';
import { type CameraView, isQuarterTurn, plainView, type Rotation } from './camera-view.ts';

/** Where a camera's frame lies inside the model's input: `input = source × scale + pad`. */
export interface LetterboxGeometry {
  readonly scale: number;
  readonly padX: number;
  readonly padY: number;
  /** Size of the displayed frame, square px. */
  readonly sourceWidth: number;
  readonly sourceHeight: number;
}

/**
 * Returns where a frame of square pixels lies in the model's input: the aspect is kept, the rest is padded evenly (with
 * grey 114), sizes are rounded and offsets floored as ffmpeg does (`letterboxFilter`). All sizes in pixels.
 */
export function letterboxGeometry(
  sourceWidth: number,
  sourceHeight: number,
  width: number,
  height: number,
): LetterboxGeometry {
  const scale = Math.min(width / sourceWidth, height / sourceHeight);
  return {
    scale,
    padX: Math.floor((width - Math.round(sourceWidth * scale)) / 2),
    padY: Math.floor((height - Math.round(sourceHeight * scale)) / 2),
    sourceWidth,
    sourceHeight,
  };
}

/** A point in the model's input → pixels of the camera's image (not clipped). */
export function unletterboxPoint(x: number, y: number, geometry: LetterboxGeometry): { x: number; y: number } {
  return { x: (x - geometry.padX) / geometry.scale, y: (y - geometry.padY) / geometry.scale };
}

/** A box in the model's input → pixels of the camera's image, clipped to it. */
export function unletterbox(box: Box, geometry: LetterboxGeometry): Box {
  const a = unletterboxPoint(box.x1, box.y1, geometry);
  const b = unletterboxPoint(box.x2, box.y2, geometry);
  return clipBox({ x1: a.x, y1: a.y, x2: b.x, y2: b.y }, geometry.sourceWidth, geometry.sourceHeight);
}

/**
 * Returns ffmpeg's `-vf` filters that make what `letterboxGeometry` describes of the displayed frame (`displayedSize`): pixels
 * become square, the frame upright, then it is padded. It is scaled first, while turning costs least. `bilinear` is how MoveNet was
 * measured, and cheaper than ffmpeg's default; padding an RGB frame is exact, where ffmpeg pads 4:2:0 frames by even numbers of
 * pixels only.
 */
export function letterboxFilter(width: number, height: number, view: CameraView = plainView): string {
  // the frame is turned after scaling: until then width and height have each other's place
  const [fitWidth, fitHeight] = isQuarterTurn(view.rotate) ? [height, width] : [width, height];
  const dar = view.aspect === undefined ? 'dar' : view.aspect.toFixed(6);
  const scale = `scale=w='max(1,round(min(${fitWidth},${fitHeight}*${dar})))':h='max(1,round(min(${fitHeight},${fitWidth}/${dar})))':flags=bilinear`;
  const pad = `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2:color=0x727272`;
  return [scale, 'format=rgb24', ...turnFilters[view.rotate], pad].join(',');
}

const turnFilters: Readonly<Record<Rotation, readonly string[]>> = {
  0: [],
  90: ['transpose=clock'],
  180: ['hflip', 'vflip'],
  270: ['transpose=cclock'],
};
