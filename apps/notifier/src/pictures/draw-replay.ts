import { momentsOfPicture, sketchDocument } from '@vigilia/house/sketch';
import type { Replay } from '@vigilia/protocol';

/** As wide as a phone shows a picture in a notification without scaling it. */
const widthPx = 480;

/**
 * Returns a replay as one small PNG in shades of grey: the person on the floor, and dashed where they were seen before. The
 * library is loaded at the first use, so that a machine on which it does not run still sends alerts.
 * @throws when the library cannot be loaded or cannot draw
 */
export async function drawReplay(replay: Replay): Promise<Buffer> {
  const { createCanvas, loadImage } = await import('@napi-rs/canvas');
  const drawing = sketchDocument(replay, momentsOfPicture(replay), widthPx);
  const image = await loadImage(Buffer.from(drawing));
  const canvas = createCanvas(image.width, image.height);
  canvas.getContext('2d').drawImage(image, 0, 0);
  return canvas.encode('png');
}
