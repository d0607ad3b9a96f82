import {
  chooseInputSize,
  type Detection,
  type InputSize,
  letterboxGeometry,
  type ModelDescription,
  mergePasses,
  type Showing,
} from '@vigilia/vision';
import { type ClipFrames, gridFps, openClipFrames } from './clip-frames.ts';
import type { Clip } from './clip-list.ts';
import { openCache } from './detection-cache.ts';
import { probeClip } from './ffmpeg.ts';
import { addNoise, type FrameNoise } from './frame-noise.ts';
import type { Model } from './model.ts';
import type { Looked } from './simulate.ts';

/** One look at a clip. */
interface Look {
  /** Of the clip; before its first and after its last frame these are held. */
  readonly second: number;
  readonly noise: FrameNoise;
}

/** One watch over a clip: remembers the size of the model's input, and which frames are mirrored, as the product does. */
export interface ClipWatch {
  /** @param standingHeight of people, share of the frame's height; undefined until the room has learned it */
  at(look: Look, standingHeight?: number): Promise<Looked>;
}

/** What a model finds in a clip at any time, from the cache or by analysing it. */
export interface ClipDetector extends AsyncDisposable {
  readonly width: number;
  readonly height: number;
  readonly seconds: number;
  /** Frames that the model really analysed so far. */
  readonly inferences: number;
  watch(): ClipWatch;
  /** Analyses the frame at a second anew, at the usual input size: what the cache has, and what is found now; undefined where it has nothing. */
  again(second: number): Promise<{ readonly cached: Detection[]; readonly fresh: Detection[] } | undefined>;
}

const flushEvery = 50;
/** Of longer clips only every second frame of the grid is analysed, to bound the inferences. */
const longClipSeconds = 30;

/** Opens a clip for a model. `sparse`: only every second frame of the grid is analysed, as in long clips. */
export async function openClipDetector(
  clip: Pick<Clip, 'name' | 'path'>,
  model: Model,
  { cacheFolder, sparse = false }: { readonly cacheFolder: string; readonly sparse?: boolean | undefined },
): Promise<ClipDetector> {
  const { width, height, seconds } = await probeClip(clip.path);
  const last = Math.max(0, Math.round(seconds * gridFps) - 1);
  const coarse = sparse || seconds > longClipSeconds ? 2 : 1;
  const opened = new Map<string, ReturnType<typeof openFrames>>();
  const framesAt = (size: InputSize | undefined): ReturnType<typeof openFrames> => {
    const description = model.descriptionAt(size);
    const key = `${description.width}x${description.height}`;
    const known = opened.get(key) ?? openFrames(clip, { model, description }, { width, height }, cacheFolder);
    opened.set(key, known);
    return known;
  };
  const indexOf = (second: number): number =>
    Math.min(last, Math.max(0, Math.round((second * gridFps) / coarse) * coarse));
  const detect = async (
    { second, noise }: Look,
    size: InputSize | undefined,
    mirrored: boolean,
  ): Promise<Detection[]> => {
    const index = indexOf(second);
    const frames = framesAt(size);
    const passes: Detection[][] = [];
    for (const turn of frames.description.passes) {
      const found = await frames.look(index, noise, { turn, mirrored });
      passes.push(
        turn === 0 && !mirrored ? found : found.map((detection) => ({ ...detection, turned: true as const })),
      );
    }
    return mergePasses(passes);
  };
  return {
    width,
    height,
    seconds,
    get inferences() {
      return [...opened.values()].reduce((sum, frames) => sum + frames.inferences(), 0);
    },
    watch() {
      let size: InputSize | undefined;
      let shown = 0;
      return {
        async at(look, standingHeight) {
          if (model.resizable) {
            size = chooseInputSize({ frameSize: { width, height }, standingHeight }, { current: size });
          }
          const mirrored = model.descriptionAt(size).mirrorsEverySecondFrame && shown % 2 === 1;
          shown += 1;
          return { detections: await detect(look, size, mirrored), mirrored };
        },
      };
    },
    async again(second) {
      const size = model.resizable
        ? chooseInputSize({ frameSize: { width, height }, standingHeight: undefined })
        : undefined;
      return framesAt(size).again(indexOf(second));
    },
    async [Symbol.asyncDispose]() {
      for (const frames of opened.values()) {
        await frames.close();
      }
    },
  };
}

const asFilmed: FrameNoise = { variant: 0, light: 'plain' };

function keyOf(index: number, { variant, light }: FrameNoise, { turn = 0, mirrored = false }: Showing): string {
  return `${index}/${variant}/${light}/${turn}${mirrored ? '/mirrored' : ''}`;
}

/** A clip's frames at one input size; what the model found in one is looked up before it is asked. */
function openFrames(
  clip: Pick<Clip, 'name' | 'path'>,
  { model, description }: { readonly model: Model; readonly description: ModelDescription },
  camera: { readonly width: number; readonly height: number },
  cacheFolder: string,
) {
  const { width, height } = description;
  const cache = openCache(cacheFolder, { id: model.id, hash: model.hash, width, height }, clip);
  const geometry = letterboxGeometry(camera.width, camera.height, width, height);
  let frames: Promise<ClipFrames> | undefined;
  let inferences = 0;
  const analyse = async (
    from: ClipFrames,
    index: number,
    noise: FrameNoise,
    showing: Showing,
  ): Promise<Detection[]> => {
    const picture = { width, height, scale: geometry.scale, seed: clip.name };
    const frame = addNoise(await from.read(index), picture, noise);
    return model.detect(frame, description, geometry, showing);
  };
  return {
    description,
    inferences: () => inferences,
    async again(index: number): Promise<{ cached: Detection[]; fresh: Detection[] } | undefined> {
      const cached = cache.get(keyOf(index, asFilmed, {}));
      if (cached === undefined) return undefined;
      await using first = await openClipFrames(clip.path, description, index + 1);
      return { cached, fresh: await analyse(first, index, asFilmed, {}) };
    },
    async look(index: number, noise: FrameNoise, showing: Showing): Promise<Detection[]> {
      const key = keyOf(index, noise, showing);
      const known = cache.get(key);
      if (known) return known;
      frames ??= openClipFrames(clip.path, description);
      cache.set(key, await analyse(await frames, index, noise, showing));
      inferences += 1;
      if (inferences % flushEvery === 0) {
        cache.flush();
      }
      return cache.get(key) ?? [];
    },
    async close(): Promise<void> {
      cache.flush();
      await (await frames?.catch(() => undefined))?.[Symbol.asyncDispose]();
    },
  };
}
