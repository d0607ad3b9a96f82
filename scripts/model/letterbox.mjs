import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * A picture as the model sees it: aspect kept, centred, grey (114) around.
 * @param {{ ffmpeg: string, picture: string, size: number }} options
 * @returns {Promise<Float32Array>} size × size × 3, RGB 0..255
 * @throws {Error} when ffmpeg cannot read the picture
 */
export async function letterbox({ ffmpeg, picture, size }) {
  const scale = `scale=${size}:${size}:force_original_aspect_ratio=decrease:flags=bilinear`;
  const filter = `${scale},format=rgb24,pad=${size}:${size}:-1:-1:color=0x727272`;
  const output = ['-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'];
  const { stdout } = await promisify(execFile)(
    ffmpeg,
    ['-nostdin', '-v', 'error', '-i', picture, '-vf', filter, ...output],
    { encoding: 'buffer', maxBuffer: 2 * size * size * 3, timeout: 30_000 },
  );
  if (stdout.length !== size * size * 3) {
    throw new Error(`ffmpeg gave ${stdout.length} bytes for ${picture} instead of ${size * size * 3}.`);
  }
  return Float32Array.from(stdout);
}
