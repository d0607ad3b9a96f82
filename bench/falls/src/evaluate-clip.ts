import type { ClipDetector } from './clip-detector.ts';
import type { Clip } from './clip-list.ts';
import type { FrameNoise } from './frame-noise.ts';
import { judge, type Verdict } from './judge.ts';
import { hashText, seededRandom } from './random.ts';
import { type Decision, type LookBack, type Simulated, simulate } from './simulate.ts';

/** The figures of one clip, watched once. */
export interface ClipRun extends Verdict {
  readonly clip: Clip;
  readonly modelId: string;
  readonly fps: number;
  readonly phase: number;
  readonly simulated: Simulated;
}

/** The first and the last frame of a clip are held, s. */
export const heldBefore = 30;
const heldAfter = 120;

/** Runs one clip at one rate and phase. The first frame is held for 30 s before, the last for 120 s after. */
export async function evaluateClip(
  clip: Clip,
  detector: ClipDetector,
  o: {
    readonly modelId: string;
    readonly fps: number;
    readonly phase: number;
    readonly decision: Decision;
    readonly variants: number;
    readonly lookBack?: LookBack | undefined;
    readonly requestedAt?: readonly number[] | undefined;
  },
): Promise<ClipRun> {
  const held = (second: number) => second < 0 || second > detector.seconds;
  const variantAt = (second: number) =>
    1 + Math.floor(seededRandom(hashText(`${clip.name}@${second.toFixed(2)}`))() * o.variants);
  const watch = detector.watch();
  const simulated = await simulate(
    {
      width: detector.width,
      height: detector.height,
      fromSecond: -heldBefore,
      toSecond: detector.seconds + heldAfter,
      zones: clip.zones ?? undefined,
      look(second, standingHeight) {
        const noise: FrameNoise = { variant: held(second) ? variantAt(second) : 0, light: 'plain' };
        return watch.at({ second, noise }, standingHeight);
      },
    },
    o,
  );
  return { clip, modelId: o.modelId, fps: o.fps, phase: o.phase, simulated, ...judge(clip, simulated.told, o.fps) };
}
