import type { Clock, Logger } from '@vigilia/service';
import { onlyCpu, type ProviderOrder, providersOf } from '../config/provider-order.ts';
import { findModel } from './model-files.ts';
import type { ModelHost } from './supervised-model-host.ts';
import { type HostTotals, type ModelHostLimits, SupervisedModelHost } from './supervised-model-host.ts';

export interface LoadModelOptions {
  readonly modelsDir: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default: what the machine and the container's CPU quota allow; 1 beside an accelerator. */
  readonly threads?: number | undefined;
  /** What computes models; default: the CPU. */
  readonly providers?: ProviderOrder | undefined;
  /** Program that reads the embedded picture of a person (`stream/find-ffmpeg.ts`); without it a model is not tried on it. */
  readonly ffmpeg?: string | undefined;
  readonly limits?: Partial<ModelHostLimits> | undefined;
  /** Called with the SHA-256 of a model each time its files were loaded. */
  readonly onLoaded?: ((modelId: string, sha256: string) => void) | undefined;
}

/**
 * Makes the function that loads a model into a process of its own. It rejects with `CommandError`: `model_not_found`
 * (the message lists the ids there are), `model_invalid` (truncated, wrong shape, NaN, crash or hang at load).
 */
export function createLoadModel(
  options: LoadModelOptions,
): (modelId: string, signal: AbortSignal) => Promise<ModelHost> {
  const { modelsDir, clock, logger, limits, ffmpeg, threads, onLoaded, providers = onlyCpu } = options;
  // a model that is swapped out and in again goes on counting, so that a crash is not forgotten with its host
  const memories = new Map<string, { readonly totals: HostTotals; readonly reportedProviders: Set<string> }>();
  const memoryOf = (modelId: string) => {
    const totals = { restarts: 0, lost: 0, failed: 0 };
    const own = memories.get(modelId) ?? { totals, reportedProviders: new Set() };
    memories.set(modelId, own);
    return own;
  };
  return async (modelId, signal) => {
    const files = findModel(modelsDir, modelId);
    const host = new SupervisedModelHost({
      modelId,
      files,
      threads,
      providers: providersOf(providers, modelId),
      ffmpeg,
      clock,
      logger,
      limits,
      onLoaded: (sha256) => onLoaded?.(modelId, sha256),
      ...memoryOf(modelId),
    });
    await host.start(signal);
    if (host.personConfidence === 0) {
      logger.warn(
        { event: 'model_finds_nobody', model_id: modelId },
        'the model finds no person in the embedded picture of one: it will probably find no one in any room',
      );
    }
    return host;
  };
}
