import type { Detection } from '@vigilia/vision';
import { openClipDetector } from './clip-detector.ts';
import type { Clip } from './clip-list.ts';
import type { Model } from './model.ts';

const mostConfidenceDifference = 0.02;
const mostPixels = 2;
/** Nothing beyond this second of a clip has to be decoded. */
const latestSecond = 5;

/**
 * Analyses one frame of every clip in the cache anew and compares it with what the cache has. Throws an error that names the clip where they differ: the
 * decoder or the model's code has changed since, and figures from old detections would be figures of another product.
 */
export async function verifyCache(clips: readonly Clip[], model: Model, cacheFolder: string): Promise<void> {
  for (const clip of clips) {
    await using detector = await openClipDetector(clip, model, { cacheFolder });
    const again = await detector.again(Math.min(latestSecond, detector.seconds / 2));
    const difference = again && differenceOf(again.cached, again.fresh);
    if (difference === undefined) continue;
    throw new Error(
      `The cached detections of ${model.id} in ${clip.name} are not what the model finds now (${difference}). ` +
        `Remove the folders ${model.id}-… in ${cacheFolder} and run the command again.`,
    );
  }
}

/** Describes how two lists of detections differ beyond rounding; undefined where they do not. */
export function differenceOf(cached: readonly Detection[], fresh: readonly Detection[]): string | undefined {
  if (cached.length !== fresh.length) return `${cached.length} detections in the cache, ${fresh.length} now`;
  for (const [index, before] of cached.entries()) {
    const now = fresh[index] as Detection;
    const confidence = Math.abs(before.confidence - now.confidence);
    if (confidence > mostConfidenceDifference)
      return `confidence ${before.confidence} in the cache, ${now.confidence} now`;
    const pixels = Math.max(
      ...(['x1', 'y1', 'x2', 'y2'] as const).map((side) => Math.abs(before.box[side] - now.box[side])),
    );
    if (pixels > mostPixels) return `a box differs by ${pixels.toFixed(1)} px`;
    if ((before.keypoints?.length ?? 0) !== (now.keypoints?.length ?? 0)) return 'the number of joints differs';
  }
  return undefined;
}
