import { momentsOfPicture, sketchDocument } from '@vigilia/house/sketch';
import type { Replay } from '@vigilia/protocol';

/** A replay as a picture, in two sizes. */
export interface DrawnReplay {
  readonly png: Buffer;
  /** For a push message, which has 4 kB in total; a WebP. */
  readonly small: Buffer;
}

/** As wide as a phone shows a picture in a notification without scaling it. */
const widthPx = 480;
const smallWidthPx = 240;
/** Of WebP, 0 to 100: lines stay clear, and the paper between them is not quite even. */
const smallQuality = 20;

/**
 * Returns a replay as small pictures in shades of grey: the person on the floor, and dashed where they were seen before. The
 * library is loaded at the first use, so that a machine on which it does not run still sends alerts.
 * @throws when the library cannot be loaded or cannot draw
 */
export async function drawReplay(replay: Replay): Promise<DrawnReplay> {
  const { createCanvas, loadImage } = await import('@napi-rs/canvas');
  const draw = async (width: number) => {
    const image = await loadImage(Buffer.from(sketchDocument(replay, momentsOfPicture(replay), width)));
    const canvas = createCanvas(image.width, image.height);
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas;
  };
  const [usual, small] = [await draw(widthPx), await draw(smallWidthPx)];
  return { png: await usual.encode('png'), small: await small.encode('webp', smallQuality) };
}
