/** Width and height of a network's input, px. */
export interface InputSize {
  readonly width: number;
  readonly height: number;
}

/** Sides of the input are multiples of this, as the network halves them five times. */
export const inputStep = 32;
/** Number of pixels that MoveNet MultiPose was measured with, and how much more an input may have to fit an aspect better. */
const basePixels = 256 ** 2;
const tolerance = 1.08;
/** Wider or taller frames than this are letterboxed: an input thinner than a few cells of the coarsest map shows nothing. */
const widestAspect = 4;

/**
 * Returns the input that shows a frame of this aspect at the largest scale, with about `basePixels × factor²` pixels. 256² is the
 * best size in ordinary rooms: 16:9 → 352×192, 4:3 → 288×224. Of two inputs with the same scale the smaller one is taken.
 * @param frameSize size of the camera's frame with square pixels, px
 * @param factor how much larger than usual people shall be in the input; 1 by default
 */
export function inputSizeFor(frameSize: InputSize, factor = 1): InputSize {
  const limit = basePixels * factor ** 2 * tolerance;
  const aspect = Math.min(widestAspect, Math.max(1 / widestAspect, frameSize.width / frameSize.height));
  let best = { width: inputStep, height: inputStep };
  let bestScale = 0;
  for (let height = inputStep; height * inputStep <= limit; height += inputStep) {
    const widest = Math.floor(limit / height / inputStep) * inputStep;
    const width = Math.min(widest, Math.ceil((height * aspect) / inputStep - 1e-9) * inputStep);
    const scale = Math.min(width / aspect, height);
    if (scale > bestScale + 1e-9) {
      best = { width, height };
      bestScale = scale;
    }
  }
  return best;
}
