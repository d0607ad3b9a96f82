import { execFileSync } from 'node:child_process';
import { type InputSize, letterboxFilter } from '@vigilia/vision';

/** Size of a canvas on which a clip is shrunk, as from a camera farther away. Large, so that the largest input still shrinks it. */
export const canvas: InputSize = { width: 1280, height: 720 };

/**
 * Returns a clip's frames, `fps` per second, shrunk by `share` in the middle of a grey canvas and letterboxed for an input of `size`.
 * @throws Error where ffmpeg fails
 */
export function framesOf(clip: string, size: InputSize, { share, fps }: { share: number; fps: number }): Uint8Array[] {
  const width = Math.round(canvas.width * share);
  const height = Math.round(canvas.height * share);
  const shrink = `scale=${width}:${height}:flags=bicubic,pad=${canvas.width}:${canvas.height}:(ow-iw)/2:(oh-ih)/2:color=0x727272`;
  const filter = `fps=${fps},${shrink},${letterboxFilter(size.width, size.height)}`;
  const output = ['-pix_fmt', 'rgb24', '-f', 'rawvideo', 'pipe:1'];
  const ffmpeg = process.env.FFMPEG_BIN ?? 'ffmpeg';
  const bytes = execFileSync(ffmpeg, ['-v', 'error', '-i', clip, '-vf', filter, ...output], { maxBuffer: 2 ** 31 });
  const length = size.width * size.height * 3;
  return Array.from({ length: Math.floor(bytes.length / length) }, (_, index) =>
    bytes.subarray(index * length, (index + 1) * length),
  );
}
