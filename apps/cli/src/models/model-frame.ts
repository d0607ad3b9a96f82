import type { Frame } from '@vigilia/processor';
import { chooseInputSize, type ModelDescription } from '@vigilia/vision';
import { readPictureFile } from './read-picture.ts';

/**
 * Returns a picture as a frame of the size that the model takes; for a model whose input follows the camera, that of a camera with the
 * picture's aspect.
 * @throws UsageError `picture_unreadable`
 */
export async function frameForModel(picture: string, description: ModelDescription): Promise<Frame> {
  const frame = await readPictureFile(picture, description.width, description.height);
  if (!description.resizable) return frame;
  const size = chooseInputSize({ frameSize: frame.displayed, standingHeight: undefined });
  const same = size.width === frame.width && size.height === frame.height;
  return same ? frame : readPictureFile(picture, size.width, size.height);
}
