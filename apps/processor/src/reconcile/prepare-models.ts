import { CommandError } from '@vigilia/protocol';
import { type Clock, within } from '@vigilia/service';
import type { ModelHost } from '../model/supervised-model-host.ts';
import type { RoomParts } from '../room/create-room-parts.ts';

export interface PrepareModelsOptions {
  readonly parts: Pick<RoomParts, 'loadModel'>;
  readonly clock: Clock;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/**
 * Loads models one after another: two cores gain nothing from two at once. What was loaded before a failure is ended.
 * @throws CommandError `model_not_found`, `model_invalid`, or `timeout` when one is not ready within the limit.
 */
export async function prepareModels(
  modelIds: readonly string[],
  options: PrepareModelsOptions,
): Promise<ReadonlyMap<string, ModelHost>> {
  const loaded = new Map<string, ModelHost>();
  try {
    for (const modelId of modelIds) {
      loaded.set(modelId, await loadWithin(modelId, options));
    }
    return loaded;
  } catch (error) {
    await Promise.allSettled([...loaded.values()].map((host) => host.stop()));
    throw error;
  }
}

async function loadWithin(modelId: string, options: PrepareModelsOptions): Promise<ModelHost> {
  const { parts, clock, limitMs, signal } = options;
  const onLimit = (): CommandError =>
    new CommandError('timeout', `Model ${modelId} was not ready within ${limitMs / 1000} s`, { field: 'model_id' });
  using limit = within(limitMs, signal, { clock, error: onLimit });
  return await parts.loadModel(modelId, limit.signal).catch((error: unknown) => {
    throw limit.passed ? limit.signal.reason : error;
  });
}
