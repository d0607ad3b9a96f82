import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ffmpegPath } from './ffmpeg-path.ts';

/** `level`: grey from 0 (black) to 255 (white). */
interface ClipSection {
  seconds: number;
  level: number;
}

export interface ClipOptions {
  file: string;
  /** `640x360` by default. */
  size?: string;
  fps?: number;
  seconds?: number;
  /** Frames between keyframes; one second by default. */
  gop?: number;
  /**
   * `testsrc2`: moving picture; `still`: the same frame for ever; sections of plain grey, for models whose answer depends on the
   * brightness (`makeModel`, `brightBoxes`); or picture files, each shown for `seconds / number of files`.
   */
  pattern?: 'testsrc2' | 'still' | ClipSection[] | { frames: string[] };
}

/** Makes an H.264 clip with the machine's ffmpeg (needs `requires('ffmpeg')`); answers its path. */
export async function makeClip(options: ClipOptions): Promise<string> {
  const { file, fps = 10, gop = Math.max(1, Math.round(fps)) } = options;
  const program = ffmpegPath();
  if (program === undefined) {
    throw new Error('makeClip needs ffmpeg');
  }
  const encoder = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-tune',
    'zerolatency',
    '-pix_fmt',
    'yuv420p',
    '-threads',
    '2',
  ];
  const keyframes = ['-g', String(gop), '-keyint_min', String(gop), '-sc_threshold', '0', '-bf', '0'];
  const inputs = inputsOf({ ...options, fps });
  const args = [
    '-nostdin',
    '-v',
    'error',
    '-y',
    ...inputs,
    '-r',
    String(fps),
    ...encoder,
    ...keyframes,
    '-movflags',
    '+faststart',
    file,
  ];
  await promisify(execFile)(program, args);
  return file;
}

function inputsOf({ size = '640x360', fps = 10, seconds = 10, pattern = 'testsrc2' }: ClipOptions): string[] {
  if (pattern === 'testsrc2') {
    return lavfi(`testsrc2=size=${size}:rate=${fps}:duration=${seconds}`);
  }
  if (pattern === 'still') {
    return lavfi(
      `testsrc2=size=${size}:rate=${fps}:duration=1,trim=end_frame=1,loop=-1:1,trim=duration=${seconds},setpts=N/${fps}/TB`,
    );
  }
  if (Array.isArray(pattern)) {
    const parts = pattern.map(({ seconds: length, level }, index) => {
      const grey = level.toString(16).padStart(2, '0').repeat(3);
      return `color=c=0x${grey}:size=${size}:rate=${fps}:duration=${length}[s${index}]`;
    });
    const joined = pattern.map((_, index) => `[s${index}]`).join('');
    return lavfi(`${parts.join(';')};${joined}concat=n=${pattern.length}:v=1`);
  }
  const each = seconds / pattern.frames.length;
  const [width, height] = size.split('x');
  const files = pattern.frames.flatMap((frame) => [
    '-loop',
    '1',
    '-framerate',
    String(fps),
    '-t',
    String(each),
    '-i',
    frame,
  ]);
  const scaled = pattern.frames.map((_, index) => `[${index}:v]scale=${width}:${height},setsar=1[f${index}]`).join(';');
  const joined = pattern.frames.map((_, index) => `[f${index}]`).join('');
  return [...files, '-filter_complex', `${scaled};${joined}concat=n=${pattern.frames.length}:v=1`];
}

function lavfi(graph: string): string[] {
  return ['-f', 'lavfi', '-i', graph];
}
