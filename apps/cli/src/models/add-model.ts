import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { modelIdSchema } from '@vigilia/protocol';
import { UsageError } from '@vigilia/service';
import { checkModel, type ModelReport } from './check-model.ts';
import { weightFiles, weightsOnlyOf } from './external-data.ts';

/**
 * Copies a model, with the JSON and the files of weights beside it, into the models folder, after it was loaded and tried as a
 * processor would. Nothing is changed where it fails: the copy is made under another name and renamed at the end.
 * @throws UsageError `invalid_settings`, `model_not_found`, `model_exists`, `model_invalid`.
 */
export async function addModel(o: {
  file: string;
  modelId: string;
  modelsDir: string;
  picture: string;
  replace: boolean;
}): Promise<ModelReport> {
  checkArguments(o);
  const weights = weightFiles(o);
  const replaced = weightsOnlyOf(o);
  mkdirSync(o.modelsDir, { recursive: true });
  const trial = mkdtempSync(join(o.modelsDir, '.adding-'));
  try {
    const json = o.file.replace(/\.onnx$/, '.json');
    copyFileSync(o.file, join(trial, `${o.modelId}.onnx`));
    if (existsSync(json)) {
      copyFileSync(json, join(trial, `${o.modelId}.json`));
    }
    for (const name of weights) {
      copyFileSync(join(dirname(o.file), name), join(trial, name));
    }
    const report = await checkModel({ modelsDir: trial, modelId: o.modelId, picture: o.picture, confidence: 0.25 });
    for (const name of weights) {
      moveInto(trial, o.modelsDir, name);
    }
    // The description first: a new model is never there without it. A processor that loads a model which is being replaced
    // at this moment may find the old one with the new description, and reports what does not fit.
    if (existsSync(json)) {
      moveInto(trial, o.modelsDir, `${o.modelId}.json`);
    }
    moveInto(trial, o.modelsDir, `${o.modelId}.onnx`);
    // that of the model before it would describe this one wrongly
    if (!existsSync(json)) {
      rmSync(join(o.modelsDir, `${o.modelId}.json`), { force: true });
    }
    for (const name of replaced) {
      if (!weights.includes(name)) {
        rmSync(join(o.modelsDir, name), { force: true });
      }
    }
    return report;
  } finally {
    rmSync(trial, { recursive: true, force: true });
  }
}

function moveInto(from: string, to: string, name: string): void {
  const handle = openSync(join(from, name), 'r');
  fsyncSync(handle);
  closeSync(handle);
  renameSync(join(from, name), join(to, name));
}

function checkArguments(o: { file: string; modelId: string; modelsDir: string; replace: boolean }): void {
  if (!modelIdSchema.safeParse(o.modelId).success) {
    throw new UsageError({
      code: 'invalid_settings',
      message: `--id: "${o.modelId}" is not a model id.`,
      remedy: 'Use letters, digits, dots, underscores and hyphens.',
    });
  }
  if (!o.file.endsWith('.onnx') || !existsSync(o.file)) {
    throw new UsageError({
      code: 'model_not_found',
      message: `${o.file} is not an ONNX file that exists.`,
      remedy: 'Give the path of an .onnx file.',
    });
  }
  if (!o.replace && existsSync(join(o.modelsDir, `${o.modelId}.onnx`))) {
    throw new UsageError({
      code: 'model_exists',
      message: `There is a model ${o.modelId} in ${o.modelsDir} already.`,
      remedy: 'Choose another --id, or give --replace.',
    });
  }
}
