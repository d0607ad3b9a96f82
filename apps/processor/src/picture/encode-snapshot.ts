import { execFile } from 'node:child_process';
import { childEnvironment } from '@vigilia/service';
import { letterboxGeometry } from '@vigilia/vision';
import type { Frame } from '../stream/frame.ts';

/** Wide enough to show where a person is, and so coarse that no one can be recognised: missing detail cannot be restored. */
const blurredWidth = 32;
const limitMs = 10_000;

/**
 * A frame as JPEG, without the letterbox around it, in the size of the model's input at most; `blurred`: 32 pixels wide.
 * The picture goes through pipes only, never through a file.
 */
export function encodeSnapshot(ffmpeg: string, frame: Frame, { blurred }: { blurred: boolean }): Promise<Buffer> {
  const { width, height, displayed, data } = frame;
  const { scale, padX, padY } = letterboxGeometry(displayed.width, displayed.height, width, height);
  const crop = `crop=${Math.round(displayed.width * scale)}:${Math.round(displayed.height * scale)}:${padX}:${padY}`;
  const filter = blurred ? `${crop},scale=${blurredWidth}:-2:flags=area` : crop;
  const args = [
    ...[
      '-hide_banner',
      '-loglevel',
      'error',
      '-f',
      'rawvideo',
      '-pix_fmt',
      'rgb24',
      '-video_size',
      `${width}x${height}`,
    ],
    ...['-i', 'pipe:0', '-vf', filter, '-frames:v', '1', '-q:v', '4', '-f', 'mjpeg', 'pipe:1'],
  ];
  return new Promise((resolve, reject) => {
    const env = childEnvironment();
    const options = { encoding: 'buffer', timeout: limitMs, maxBuffer: 4 * 1024 * 1024, env } as const;
    const child = execFile(ffmpeg, args, options, (error, jpeg) => (error === null ? resolve(jpeg) : reject(error)));
    // a process that ended early reports that itself
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(data);
  });
}
