import type { FallPolicy } from '@vigilia/vision';
import { openClipDetector } from './clip-detector.ts';
import type { Clip } from './clip-list.ts';
import { type ClipRun, evaluateClip, phases } from './evaluate-clip.ts';
import { findModel, loadModel } from './model.ts';

/** Distinct noisy versions of a held frame; a second of the hold takes one of them at random. */
export const heldVariants = 12;

export interface RunPlan {
  readonly clips: readonly Clip[];
  readonly models: readonly string[];
  readonly modelFolders: readonly string[];
  readonly rates: readonly number[];
  readonly cacheFolder: string;
  readonly policy: FallPolicy;
  readonly variants?: number;
  readonly phases?: readonly number[];
  readonly progress: (text: string) => void;
}

/** Every clip with every model, rate and phase. A model that is nowhere is told and left out. */
export async function runClips(plan: RunPlan): Promise<ClipRun[]> {
  const runs: ClipRun[] = [];
  for (const modelId of plan.models) {
    const file = findModel(modelId, plan.modelFolders);
    if (!file) {
      plan.progress(`The model ${modelId} is in none of ${plan.modelFolders.join(', ')}: left out.`);
      continue;
    }
    const model = await loadModel(modelId, file);
    for (const clip of plan.clips) {
      await using detector = await openClipDetector(clip, model, plan.cacheFolder);
      for (const fps of plan.rates) {
        for (const phase of plan.phases ?? phases) {
          runs.push(
            await evaluateClip(clip, detector, {
              modelId,
              fps,
              phase,
              policy: plan.policy,
              variants: plan.variants ?? heldVariants,
            }),
          );
        }
      }
      if (detector.inferences > 0) plan.progress(`${modelId} ${clip.name}: ${detector.inferences} new inferences`);
    }
  }
  return runs;
}
