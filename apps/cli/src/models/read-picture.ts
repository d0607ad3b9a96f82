import { type Frame, findFfmpeg, readPicture as readWithFfmpeg } from '@vigilia/processor';
import { UsageError } from '@vigilia/service';

/**
 * A picture file as a frame of the model's input size: rgb24, letterboxed, `width` × `height` × 3 bytes.
 * @throws UsageError `picture_unreadable`
 */
export async function readPictureFile(file: string, width: number, height: number): Promise<Frame> {
  const picture = await readWithFfmpeg({ ffmpeg: findFfmpeg(), file, width, height });
  if (picture === undefined) {
    throw new UsageError({
      code: 'picture_unreadable',
      message: `The picture ${file} could not be read.`,
      remedy: 'Give a PNG or JPEG file with --picture.',
    });
  }
  return {
    sourceId: 0,
    data: picture.data,
    width,
    height,
    displayed: picture.source,
    sequence: 0,
    wallMs: 0,
    monotonicMs: 0,
  };
}
