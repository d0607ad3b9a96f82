import { execFile } from 'node:child_process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { childEnvironment } from '@vigilia/service';

export interface RawFrames {
  /** Size of each frame, px. */
  readonly width: number;
  readonly height: number;
  /** 24 bits per pixel, all of one size. */
  readonly frames: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** ffmpeg's filter for each of them; undefined: as they are. */
  readonly filter?: string | undefined;
}

const maxBytes = 64 * 1024 * 1024;
const endOfImageAndNext = Buffer.from([0xff, 0xd9, 0xff, 0xd8]);

/**
 * Returns each frame as a JPEG, in their order. Frames go through pipes only, never through a file.
 * @throws what the frames throw; Error where ffmpeg fails or takes longer than the limit
 */
export function encodeFrames(ffmpeg: string, raw: RawFrames, limitMs: number): Promise<Buffer[]> {
  const { width, height, frames, filter = 'null' } = raw;
  const args = [
    ...['-hide_banner', '-loglevel', 'error', '-f', 'rawvideo', '-pix_fmt', 'rgb24'],
    ...['-video_size', `${width}x${height}`, '-i', 'pipe:0', '-vf', filter],
    ...['-fps_mode', 'passthrough', '-q:v', '4', '-f', 'mjpeg', 'pipe:1'],
  ];
  const options = { encoding: 'buffer', timeout: limitMs, maxBuffer: maxBytes, env: childEnvironment() } as const;
  return new Promise((resolve, reject) => {
    let unread: unknown;
    const child = execFile(ffmpeg, args, options, (error, jpegs) => {
      const failure = error ?? unread;
      return failure === undefined ? resolve(splitJpegs(jpegs)) : reject(failure);
    });
    if (child.stdin === null) return;
    // a process that ended early reports that itself
    pipeline(Readable.from(frames), child.stdin).catch((error: unknown) => {
      unread = error;
    });
  });
}

/** JPEGs one after the other: each ends where the next one begins (ITU T.81, B.1.1.3). */
function splitJpegs(bytes: Buffer): Buffer[] {
  const jpegs: Buffer[] = [];
  let from = 0;
  while (from < bytes.length) {
    const next = bytes.indexOf(endOfImageAndNext, from);
    const to = next < 0 ? bytes.length : next + 2;
    jpegs.push(bytes.subarray(from, to));
    from = to;
  }
  return jpegs;
}
