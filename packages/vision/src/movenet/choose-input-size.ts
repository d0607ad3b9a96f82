import { type InputSize, inputSizeFor } from './input-size.ts';

/** How many times larger than usual an input shows people. It costs the square of it. */
const factors = [1, 1.5, 2, 2.5, 3, 3.5, 4] as const;
/** The largest factor where the model's description names none: four times the usual time per frame. */
const usualMaxFactor = 2;
/** Standing people below this many pixels in the usual input are too small for it; from the rendered rooms and URFD. */
const tooSmallPx = 60;
/** A larger input must show standing people with at least this many pixels, if one of the factors does. */
const aimedPx = 80;
/** A smaller input than the room has now must pass its limit by this factor: learned sizes jitter. */
const hysteresis = 1.2;

/** What is known of a camera. */
export interface CameraFacts {
  /** Size of the displayed frame, px; undefined before the first. */
  readonly frameSize: InputSize | undefined;
  /** Height of a standing person as a share of the frame's height; undefined until learned. */
  readonly standingHeight: number | undefined;
}

export interface SizeLimits {
  /** The input that the room has now, so that a size near a limit does not go to and fro. */
  readonly current?: InputSize | undefined;
  /** The largest of the factors; 2 by default. */
  readonly maxFactor?: number | undefined;
}

/** Until a camera has shown its frame: most cameras are 16:9. */
const usualFrame: InputSize = { width: 16, height: 9 };

/**
 * Returns the size of the input for a camera: the usual number of pixels in the camera's aspect, and more only where people are
 * too small in it. A larger input is not better otherwise: it loses people close to the camera and shows furniture as people.
 */
export function chooseInputSize(
  { frameSize = usualFrame, standingHeight }: CameraFacts,
  { current, maxFactor = usualMaxFactor }: SizeLimits = {},
): InputSize {
  const usual = inputSizeFor(frameSize);
  if (standingHeight === undefined) return usual;
  const personPx = (size: InputSize): number =>
    standingHeight * frameSize.height * Math.min(size.width / frameSize.width, size.height / frameSize.height);
  const isEnough = (size: InputSize): boolean => {
    const isLarger = area(size) > area(usual);
    const limitPx = isLarger ? aimedPx : tooSmallPx;
    // inputs of one factor differ a little with the aspect, those of two factors by more than 1.7
    const change = current === undefined ? undefined : area(size) / area(current);
    if (change !== undefined && change < 0.75) return personPx(size) >= limitPx * hysteresis;
    const isNow = change !== undefined && change < 1.33;
    return personPx(size) >= (isNow && isLarger ? limitPx / hysteresis : limitPx);
  };
  const sizes = factors.filter((factor) => factor <= maxFactor).map((factor) => inputSizeFor(frameSize, factor));
  return sizes.find(isEnough) ?? sizes.at(-1) ?? usual;
}

const area = ({ width, height }: InputSize): number => width * height;
