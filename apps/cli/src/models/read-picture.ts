import { execFile } from 'node:child_process';
import { type Frame, findFfmpeg } from '@vigilia/processor';
import { childEnvironment, UsageError } from '@vigilia/service';
import { letterboxFilter } from '@vigilia/vision';

/**
 * A picture file as a frame of the model's input size: rgb24, letterboxed, `width` × `height` × 3 bytes.
 * @throws UsageError `picture_unreadable`
 */
export async function readPicture(file: string, width: number, height: number): Promise<Frame> {
  const filter = letterboxFilter(width, height);
  const args = ['-hide_banner', '-nostdin', '-i', file, '-frames:v', '1'];
  const output = ['-vf', filter, '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'];
  const { data, errors } = await run(findFfmpeg(), [...args, ...output]);
  const size = /Video: .*?, (\d+)x(\d+)[, ]/.exec(errors);
  if (data.length !== width * height * 3 || size === null) {
    throw new UsageError({
      code: 'picture_unreadable',
      message: `The picture ${file} could not be read.`,
      remedy: 'Give a PNG or JPEG file with --picture.',
    });
  }
  return {
    sourceId: 0,
    data,
    width,
    height,
    source: { width: Number(size[1]), height: Number(size[2]) },
    sequence: 0,
    wallMs: 0,
    monotonicMs: 0,
  };
}

function run(program: string, args: readonly string[]): Promise<{ data: Buffer; errors: string }> {
  return new Promise((resolve) => {
    // A failure shows in what came out: too few bytes.
    const options = { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024, env: childEnvironment() } as const;
    execFile(program, [...args], options, (_error, stdout, stderr) =>
      resolve({ data: stdout, errors: stderr.toString() }),
    );
  });
}
