import { letterboxGeometry } from '@vigilia/vision';
import type { Frame } from '../stream/frame.ts';
import { encodeFrames } from './encode-frames.ts';

/** Wide enough to show where a person is, and so coarse that no one can be recognised: missing detail cannot be restored. */
export const blurredWidth = 32;
const limitMs = 10_000;

/** A frame as JPEG, without the letterbox around it, in the size of the model's input at most; `blurred`: 32 pixels wide. */
export async function encodeSnapshot(ffmpeg: string, frame: Frame, { blurred }: { blurred: boolean }): Promise<Buffer> {
  const { width, height, displayed, data } = frame;
  const { scale, padX, padY } = letterboxGeometry(displayed.width, displayed.height, width, height);
  const crop = `crop=${Math.round(displayed.width * scale)}:${Math.round(displayed.height * scale)}:${padX}:${padY}`;
  const filter = blurred ? `${crop},scale=${blurredWidth}:-2:flags=area` : crop;
  const [jpeg] = await encodeFrames(ffmpeg, { width, height, frames: [data], filter }, limitMs);
  if (jpeg === undefined) throw new Error('ffmpeg gave no JPEG');
  return jpeg;
}
