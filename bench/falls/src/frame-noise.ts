import { hashText, seededRandom } from './random.ts';

/** The light of a frame that is shown again and again. `plain` is the light in which it was filmed. */
export type Light = 'plain' | 'dim' | 'infrared';

export interface FrameNoise {
  /** Number of the noise and jitter variant; 0 = none. */
  readonly variant: number;
  readonly light: Light;
}

/** Both per pixel of the camera's frame: a smaller input averages noise away as it shortens the jitter. */
const jitterPx = 2;
const noiseDeviation = 5;

/**
 * Returns a held frame as a camera would show it again: shifted by up to ± 2 px of the camera's frame, with sensor noise;
 * darkened, or grey as under infrared light. `size` is the side of the square rgb24 picture, `scale` its pixels per
 * camera pixel.
 */
export function addNoise(
  frame: Uint8Array,
  picture: { readonly width: number; readonly height: number; readonly scale: number; readonly seed: string },
  { variant, light }: FrameNoise,
): Uint8Array {
  if (variant === 0 && light === 'plain') return frame;
  const random = seededRandom(hashText(`${picture.seed}/${variant}/${light}`));
  const shift = () => (variant === 0 ? 0 : Math.round((random() * 2 - 1) * jitterPx * picture.scale));
  const shifted = shiftPicture(frame, picture, shift(), shift());
  const gain = light === 'dim' ? 0.35 : 1;
  const ofLight = light === 'plain' ? noiseDeviation : noiseDeviation * 1.6;
  const deviation = ofLight * Math.min(1, picture.scale);
  for (let at = 0; at < shifted.length; at += 3) {
    const noise = (random() + random() + random() - 1.5) * 2 * deviation;
    const [r = 0, g = 0, b = 0] = shifted.subarray(at, at + 3);
    const grey = light === 'infrared' ? Math.min(255, (0.6 * r + 0.3 * g + 0.1 * b) * 0.85 + 20) : undefined;
    shifted[at] = clamp((grey ?? r) * gain + noise);
    shifted[at + 1] = clamp((grey ?? g) * gain + noise);
    shifted[at + 2] = clamp((grey ?? b) * gain + noise);
  }
  return shifted;
}

const clamp = (value: number): number => Math.min(255, Math.max(0, Math.round(value)));

function shiftPicture(
  frame: Uint8Array,
  { width, height }: { width: number; height: number },
  dx: number,
  dy: number,
): Uint8Array {
  const result = new Uint8Array(frame.length);
  for (let y = 0; y < height; y++) {
    const from = Math.min(height - 1, Math.max(0, y - dy)) * width;
    for (let x = 0; x < width; x++) {
      const source = (from + Math.min(width - 1, Math.max(0, x - dx))) * 3;
      const target = (y * width + x) * 3;
      result[target] = frame[source] as number;
      result[target + 1] = frame[source + 1] as number;
      result[target + 2] = frame[source + 2] as number;
    }
  }
  return result;
}
