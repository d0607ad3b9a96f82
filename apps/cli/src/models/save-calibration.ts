import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '@vigilia/service';
import type { ModelCalibration } from '@vigilia/vision';

/**
 * Writes a calibration into the JSON beside a model and leaves everything else in it as it is. The file is replaced as a whole.
 * @throws UsageError `model_invalid` where the JSON that is there cannot be read
 */
export function saveCalibration(modelsDir: string, modelId: string, calibration: ModelCalibration): string {
  const path = join(modelsDir, `${modelId}.json`);
  const json = { ...readObject(path, modelId), calibration };
  const draft = `${path}.new`;
  writeFileSync(draft, `${JSON.stringify(json, null, 2)}\n`);
  renameSync(draft, path);
  return path;
}

function readObject(path: string, modelId: string): object {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return {}; // optional
  }
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json;
  } catch {
    // reported below
  }
  throw new UsageError({
    code: 'model_invalid',
    message: `${modelId}.json is not a JSON object.`,
    remedy: 'Correct it or remove it, then run the command again.',
  });
}
