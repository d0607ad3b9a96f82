import { execFile } from 'node:child_process';
import { childEnvironment } from '@vigilia/service';
import { displayedSize, letterboxFilter, plainView } from '@vigilia/vision';
import { frameInfo } from '../stream/ffmpeg-messages.ts';

export interface Picture {
  /** rgb24, letterboxed to the size that was asked for. */
  readonly data: Uint8Array;
  /** Size of the picture as it is shown (`displayedSize`), px. */
  readonly source: { readonly width: number; readonly height: number };
}

/** Reads a picture file as a camera's frame is read: letterboxed to `width` × `height` px, rgb24; undefined where it cannot be. */
export async function readPicture(options: {
  readonly ffmpeg: string;
  readonly file: string;
  readonly width: number;
  readonly height: number;
}): Promise<Picture | undefined> {
  const { ffmpeg, file, width, height } = options;
  const input = ['-hide_banner', '-nostdin', '-i', file, '-frames:v', '1'];
  const filter = `showinfo=checksum=0,${letterboxFilter(width, height)}`;
  const output = ['-vf', filter, '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'];
  const { data, errors } = await run(ffmpeg, [...input, ...output]);
  const [encoded] = errors.split('\n').flatMap((line) => frameInfo(line) ?? []);
  if (data.length !== width * height * 3 || encoded === undefined) return undefined;
  return { data, source: displayedSize(encoded, plainView) };
}

function run(program: string, args: readonly string[]): Promise<{ data: Buffer; errors: string }> {
  return new Promise((resolve) => {
    // a failure shows in the output: too few bytes
    execFile(
      program,
      [...args],
      { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024, env: childEnvironment() },
      (_error, stdout, stderr) => resolve({ data: stdout, errors: stderr.toString() }),
    );
  });
}
