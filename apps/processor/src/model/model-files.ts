import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, modelIdSchema } from '@vigilia/protocol';

export interface ModelFiles {
  readonly modelPath: string;
  /** Need not exist. */
  readonly jsonPath: string;
}

/** Ids of the models in a folder, sorted. */
export function listModels(modelsDir: string): string[] {
  try {
    return readdirSync(modelsDir)
      .filter((name) => name.endsWith('.onnx'))
      .map((name) => name.slice(0, -'.onnx'.length))
      .sort();
  } catch {
    return [];
  }
}

/**
 * Files of a model. An id is letters, digits, dots, underscores and hyphens, so it never leaves the folder.
 *
 * @throws CommandError `model_not_found`; the message lists the ids that exist
 */
export function findModel(modelsDir: string, modelId: string): ModelFiles {
  const modelPath = join(modelsDir, `${modelId}.onnx`);
  if (modelIdSchema.safeParse(modelId).success && existsSync(modelPath)) {
    return { modelPath, jsonPath: join(modelsDir, `${modelId}.json`) };
  }
  const ids = listModels(modelsDir);
  const there = ids.length > 0 ? `there are ${ids.join(', ')}` : 'there is none';
  throw new CommandError('model_not_found', `Model ${modelId} is not in ${modelsDir}; ${there}.`, {
    field: 'model_id',
  });
}
