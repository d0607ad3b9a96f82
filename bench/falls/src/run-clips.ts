import { openClipDetector } from './clip-detector.ts';
import type { Clip } from './clip-list.ts';
import { type ClipRun, evaluateClip } from './evaluate-clip.ts';
import type { Model } from './model.ts';
import { phasesOf } from './rates.ts';
import type { Decision, LookBack } from './simulate.ts';

/** Distinct noisy versions of a held frame; each second of the hold takes one of them at random. */
const heldVariants = 12;

export interface RunPlan {
  readonly clips: readonly Clip[];
  readonly model: Model;
  readonly decision: Decision;
  readonly rates: readonly number[];
  readonly cacheFolder: string;
  /** Only every second frame of the grid is analysed. */
  readonly sparse?: boolean;
  readonly variants?: number;
  /** Default: those of the rate. */
  readonly phases?: readonly number[];
  readonly lookBack?: LookBack | undefined;
  /** Returns at which seconds of a clip a frame is analysed beside those that are due, in order. */
  readonly requestsOf?: ((clip: Clip) => readonly number[]) | undefined;
  readonly progress: (text: string) => void;
}

/** Watches every clip at every rate and phase. */
export async function runClips(plan: RunPlan): Promise<ClipRun[]> {
  const { model, decision } = plan;
  const runs: ClipRun[] = [];
  for (const clip of plan.clips) {
    await using detector = await openClipDetector(clip, model, plan);
    for (const fps of plan.rates) {
      for (const phase of plan.phases ?? phasesOf(fps)) {
        const variants = plan.variants ?? heldVariants;
        const requestedAt = plan.requestsOf?.(clip);
        const options = { modelId: model.id, fps, phase, decision, variants, lookBack: plan.lookBack, requestedAt };
        runs.push(await evaluateClip(clip, detector, options));
      }
    }
    if (detector.inferences > 0) {
      plan.progress(`${model.id} ${clip.path}: ${detector.inferences} new inferences`);
    }
  }
  return runs;
}
