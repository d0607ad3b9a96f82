import { execFile } from 'node:child_process';
import { childEnvironment } from '@vigilia/service';
import { displayedSize, letterboxFilter, letterboxGeometry, type Rotation } from '@vigilia/vision';
import type { Frame } from '../stream/frame.ts';

const limitMs = 10_000;

/**
 * Returns a frame as the camera would give it to a model with an input of `width` × `height` px, if the room's rotation were `rotate`
 * degrees more. Throws where ffmpeg cannot do it. The frame goes through pipes only, never through a file.
 */
export async function reframe(
  ffmpeg: string,
  frame: Frame,
  wanted: { readonly width: number; readonly height: number; readonly rotate: Rotation },
): Promise<Frame> {
  const { width, height, rotate } = wanted;
  const { displayed } = frame;
  const { scale, padX, padY } = letterboxGeometry(displayed.width, displayed.height, frame.width, frame.height);
  const crop = `crop=${Math.round(displayed.width * scale)}:${Math.round(displayed.height * scale)}:${padX}:${padY}`;
  const view = { aspect: displayed.width / displayed.height, rotate };
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24'];
  const input = [...raw, '-video_size', `${frame.width}x${frame.height}`, '-i', 'pipe:0'];
  const output = ['-vf', `${crop},${letterboxFilter(width, height, view)}`, '-frames:v', '1', ...raw, 'pipe:1'];
  const data = await run(ffmpeg, ['-hide_banner', '-loglevel', 'error', ...input, ...output], frame.data);
  if (data.length !== width * height * 3) throw new Error('ffmpeg could not scale the frame');
  const { sourceId, sequence, wallMs, monotonicMs } = frame;
  const size = displayedSize({ width: displayed.width, height: displayed.height, sar: 1 }, view);
  return { sourceId, data, width, height, displayed: size, sequence, wallMs, monotonicMs };
}

function run(program: string, args: readonly string[], input: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { encoding: 'buffer', timeout: limitMs, maxBuffer: 64 * 1024 * 1024 } as const;
    const child = execFile(program, args, { ...options, env: childEnvironment() }, (error, stdout) =>
      error === null ? resolve(stdout) : reject(error),
    );
    // a process that ended early reports that itself
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}
