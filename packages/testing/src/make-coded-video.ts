import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ffmpegPath } from './ffmpeg-path.ts';

export interface CodedVideoOptions {
  /** `.h264` or `.hevc`. */
  readonly file: string;
  readonly fps: number;
  readonly seconds: number;
  /** x264's or x265's own settings: `keyint=250:open-gop=1`. */
  readonly encoder: string;
  /** `320x180` unless given. */
  readonly size?: string;
  /** Another filter graph of ffmpeg than a moving test card: its frames. */
  readonly source?: string;
}

/** Makes an Annex-B video (for `startFaultyCamera`) with the machine's ffmpeg (needs `requires('ffmpeg')`); returns its path. */
export async function makeCodedVideo(options: CodedVideoOptions): Promise<string> {
  const { file, fps, seconds, encoder, size = '320x180' } = options;
  const { source = `testsrc2=size=${size}:rate=${fps}:duration=${seconds}` } = options;
  const program = ffmpegPath();
  if (program === undefined) throw new Error('makeCodedVideo needs ffmpeg');
  const hevc = file.endsWith('.hevc');
  const input = ['-f', 'lavfi', '-i', source];
  const coder = hevc
    ? ['-c:v', 'libx265', '-x265-params', `log-level=error:scenecut=0:${encoder}`]
    : ['-c:v', 'libx264', '-threads', '1', '-x264-params', `scenecut=0:${encoder}`];
  const output = ['-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-bsf:v', 'dump_extra=freq=keyframe', file];
  await promisify(execFile)(program, ['-nostdin', '-v', 'error', '-y', ...input, ...coder, ...output]);
  return file;
}
