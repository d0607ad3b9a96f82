import { clipBox } from '../model/box.ts';
import type { Box } from '../model/detection.ts';

/** Where a camera's picture lies inside the model's input: `input = source × scale + pad`. */
export interface LetterboxGeometry {
  readonly scale: number;
  readonly padX: number;
  readonly padY: number;
  /** Size of the camera's own picture, px. */
  readonly sourceWidth: number;
  readonly sourceHeight: number;
}

/**
 * Geometry of `scale=W:H:force_original_aspect_ratio=decrease,pad=W:H:(ow-iw)/2:(oh-ih)/2` in ffmpeg: the aspect is
 * kept, the rest is padded evenly (with grey 114), sizes rounded and offsets floored as ffmpeg does. All sizes in pixels.
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
 * Returns the filter that makes what `letterboxGeometry` describes, for ffmpeg's `-vf`. `bilinear` is how MoveNet was measured, and
 * cheaper than ffmpeg's default; padding an RGB frame is exact, where ffmpeg pads 4:2:0 frames by even numbers of pixels only.
 */
export function letterboxFilter(width: number, height: number): string {
  const scale = `scale=${width}:${height}:force_original_aspect_ratio=decrease:flags=bilinear`;
  return `${scale},format=rgb24,pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2:color=0x727272`;
}
