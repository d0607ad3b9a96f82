import {
  calibrationOf,
  type Detection,
  letterboxGeometry,
  type ModelCalibration,
  mergePasses,
  type Turn,
} from '@vigilia/vision';
import { type ClipFrames, gridFps, openClipFrames } from './clip-frames.ts';
import type { Clip } from './clip-list.ts';
import { openCache } from './detection-cache.ts';
import { probeClip } from './ffmpeg.ts';
import type { Model } from './model.ts';
import { type Disturbance, disturb } from './picture.ts';

/** What a model finds in a clip at any time, from the cache or by looking. */
export interface ClipDetector extends AsyncDisposable {
  readonly width: number;
  readonly height: number;
  readonly seconds: number;
  readonly calibration: ModelCalibration;
  /** Pictures the model was really given so far. */
  readonly inferences: number;
  /** @param second of the clip; before its first and after its last frame these are held */
  at(second: number, disturbance: Disturbance): Promise<Detection[]>;
}

const plainPass: readonly Turn[] = [0];
const allPasses: readonly Turn[] = [0, 90, -90];
const flushEvery = 50;
/** Longer clips are looked at every second frame of the grid only, to bound the inferences. */
const longClipSeconds = 30;

export async function openClipDetector(
  clip: Pick<Clip, 'name' | 'path'>,
  model: Model,
  cacheFolder: string,
): Promise<ClipDetector> {
  const { width, height, seconds } = await probeClip(clip.path);
  const pictures = openPictures(clip, model, { width, height }, cacheFolder);
  const last = Math.max(0, Math.round(seconds * gridFps) - 1);
  const coarse = seconds > longClipSeconds ? 2 : 1;
  return {
    width,
    height,
    seconds,
    calibration: calibrationOf({ modelId: model.id, own: model.description.calibration, hasJoints: true }).calibration,
    get inferences() {
      return pictures.inferences();
    },
    async at(second, disturbance) {
      const index = Math.min(last, Math.max(0, Math.round((second * gridFps) / coarse) * coarse));
      const turns = model.description.passes.length > 1 ? allPasses : plainPass;
      const passes: Detection[][] = [];
      for (const turn of turns) {
        const found = await pictures.look(index, disturbance, turn);
        passes.push(turn === 0 ? found : found.map((detection) => ({ ...detection, turned: true as const })));
      }
      return mergePasses(passes);
    },
    [Symbol.asyncDispose]: () => pictures.close(),
  };
}

/** A clip's pictures as a model sees them; what it found in one is looked up before it is asked. */
function openPictures(
  clip: Pick<Clip, 'name' | 'path'>,
  { description, ...model }: Model,
  camera: { readonly width: number; readonly height: number },
  cacheFolder: string,
) {
  const cache = openCache(cacheFolder, model, clip);
  const { width, height } = description;
  const geometry = letterboxGeometry(camera.width, camera.height, width, height);
  let frames: Promise<ClipFrames> | undefined;
  let inferences = 0;
  return {
    inferences: () => inferences,
    async look(index: number, disturbance: Disturbance, turn: Turn): Promise<Detection[]> {
      const key = `${index}/${disturbance.variant}/${disturbance.light}/${turn}`;
      const known = cache.get(key);
      if (known) return known;
      frames ??= openClipFrames(clip.path, width, height);
      const picture = { width, height, scale: geometry.scale, seed: clip.name };
      const frame = disturb(await (await frames).read(index), picture, disturbance);
      cache.set(key, await model.detect(frame, geometry, turn));
      inferences += 1;
      if (inferences % flushEvery === 0) cache.flush();
      return cache.get(key) ?? [];
    },
    async close(): Promise<void> {
      cache.flush();
      await (await frames?.catch(() => undefined))?.[Symbol.asyncDispose]();
    },
  };
}
